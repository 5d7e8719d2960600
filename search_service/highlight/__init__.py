"""From matches to marked, escaped fragments of the original text."""
