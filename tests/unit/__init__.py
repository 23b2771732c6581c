"""See architecture: unit."""
