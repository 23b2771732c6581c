"""Search: what every index and embedder promises."""
