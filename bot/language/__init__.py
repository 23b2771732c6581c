"""Words, buttons and emoji, read into commands."""
