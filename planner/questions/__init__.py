"""Everyday questions about data files: words into a typed query, and that into checked SQL."""
