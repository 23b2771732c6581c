"""Composition root: the only file that names adapters."""
