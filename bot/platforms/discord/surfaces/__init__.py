"""What Discord offers beside messages: panels that one person sees, and commands on messages."""
