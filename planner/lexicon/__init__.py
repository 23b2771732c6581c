"""Words that mean the same whoever reads them."""
