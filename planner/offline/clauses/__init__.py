"""What single clauses order, a file per kind of order."""
