"""What the project's past plans teach about tools, read and kept."""
