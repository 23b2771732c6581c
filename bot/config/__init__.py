"""Settings: the environment and orchestra.toml."""
