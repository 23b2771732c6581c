"""Those who do the work."""
