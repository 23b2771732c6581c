"""Slack and Discord on loopback: what is heard, what is sent, and the cards as each platform draws them."""
