"""Talk about the bot itself, teaching, and what was meant."""
