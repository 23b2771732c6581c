"""Plans: what they are made with, what their messages are drawn from, what stands in their way."""
