"""The plan's graph as PNG and as characters."""
