"""Answers about the bot itself, in words."""
