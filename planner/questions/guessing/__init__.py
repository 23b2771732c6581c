"""Whole readings of words that could not be read piece by piece, offered to choose from."""
