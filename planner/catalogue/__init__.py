"""Planning over any tools: which of the catalogue a request means, and what goes into each."""
