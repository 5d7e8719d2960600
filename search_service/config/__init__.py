"""Settings from the environment and a TOML file."""
