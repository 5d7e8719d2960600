"""Rebuilding an index while it is searched and written to, and its generations."""
