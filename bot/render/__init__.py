"""Values to messages, for any platform."""
