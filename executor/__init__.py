"""From an approved graph to a finished run."""
