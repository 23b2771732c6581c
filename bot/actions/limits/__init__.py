"""How much people, channels and projects may take up."""
