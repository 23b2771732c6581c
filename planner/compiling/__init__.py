"""From a draft to a checked task graph."""
