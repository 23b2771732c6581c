"""What models are told, as files."""
