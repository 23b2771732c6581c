"""See architecture: fakes."""
