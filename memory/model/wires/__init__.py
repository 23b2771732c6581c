"""How OpenAI-compatible endpoints are spoken to: one conversation, two wires. Pure."""
