"""Readers of documents: files, folders, standard input, an index."""
