"""Making an index anew while it is searched and written to, and its generations."""
