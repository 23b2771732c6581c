"""Projects as a whole, in the chat."""
