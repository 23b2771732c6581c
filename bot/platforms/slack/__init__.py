"""Slack: its SDK on one side, the chat port on the other."""
