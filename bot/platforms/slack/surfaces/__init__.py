"""What Slack offers beside messages: the Home tab, shortcuts, the agent's own place."""
