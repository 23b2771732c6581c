"""The terminal as a chat platform, with a person at it or with a script."""
