"""See architecture: benchmarks."""
