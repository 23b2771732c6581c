"""The plan message and its details."""
