"""Command-line agents: programs that do a task in the project's folder, in a sandbox."""
