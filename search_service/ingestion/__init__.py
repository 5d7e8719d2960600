"""From files to documents to an index."""
