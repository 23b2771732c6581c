"""Ways in by the web: who may make them, and end them."""
