"""Text to tokens, with offsets into the original text."""
