"""Questions about data files, as SQL."""
