"""The front door: chat platforms, conversation, command line."""
