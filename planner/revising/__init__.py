"""Plans made from plans: changes, differences, reused results."""
