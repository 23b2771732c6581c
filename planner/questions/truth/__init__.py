"""Whether a question says what its words say."""
