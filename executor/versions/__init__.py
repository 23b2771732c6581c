"""What a run changed, kept in the project's own git repository."""
