"""Settings from environment variables and a TOML file."""
