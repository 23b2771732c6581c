"""See architecture: restart."""
