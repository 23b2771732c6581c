"""Everyday questions about data files."""
