"""See architecture: contract."""
