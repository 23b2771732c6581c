"""Files of the project: reading, writing, editing, picking lines."""
