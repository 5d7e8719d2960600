"""A full-text search service for Arabic."""
