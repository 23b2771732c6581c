"""What people do with projects as a whole."""
