"""Changes of a plan in words, a file per kind of change."""
