"""The use cases, a file per group."""
