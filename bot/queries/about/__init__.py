"""What the bot can say about itself: typed answers from its own rows."""
