"""What the system knows: words (model), truth (store), skills (profiles), likeness (recall)."""
