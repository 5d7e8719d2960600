"""Writing documents in bulk, none lost or doubled whatever happens on the way."""
