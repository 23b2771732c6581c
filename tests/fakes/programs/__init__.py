"""Small programs that are run for real, as if they were command-line agents."""
