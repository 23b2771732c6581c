"""Labels and masking: what may be logged, sent and kept."""
