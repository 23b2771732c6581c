"""Held-out sets of what ordinary people say, and the judge that measures the bot on them."""
