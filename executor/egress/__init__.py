"""The only ways out: HTTP, processes, files."""
