"""Reading: what people may see, whichever door they look through."""
