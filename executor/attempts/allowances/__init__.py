"""What one attempt may use up: money and time."""
