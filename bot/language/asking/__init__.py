"""What a question about the bot asks for: the time, the agent, the person, the kind of work."""
