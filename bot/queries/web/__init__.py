"""What pages and programs look at, over all projects of whoever asks."""
