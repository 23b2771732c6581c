"""From words to a checked task graph."""
