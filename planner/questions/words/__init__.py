"""Words of questions: what they mean, which columns and values they name."""
