"""The use cases: what people can do, whichever door they come through."""
