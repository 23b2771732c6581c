"""What a plan needs, shows and would meet."""
