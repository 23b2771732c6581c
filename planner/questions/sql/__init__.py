"""Questions as SQL, by sqlglot."""
