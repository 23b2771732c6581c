"""What each agent is good at, with confidence."""
