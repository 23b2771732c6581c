"""Keys and passwords of projects."""
