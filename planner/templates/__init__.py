"""Templates: plans with blanks, read from files, matched to words, filled, and made of past plans."""
