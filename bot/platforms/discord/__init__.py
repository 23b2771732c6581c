"""Discord, through discord.py: gateway events in, REST calls out."""
