"""The use cases of administration."""
