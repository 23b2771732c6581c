"""Finding like things: a vector index that can be rebuilt from the store."""
