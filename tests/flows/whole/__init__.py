"""See architecture: flows."""
