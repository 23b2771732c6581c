"""How agents did, and who is chosen for it."""
