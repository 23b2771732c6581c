"""From words to clauses."""
