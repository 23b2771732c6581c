"""Templates: plans with parameters, read from files, matched to words, filled, and made of past plans."""
