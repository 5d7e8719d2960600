"""Relevance evaluation: run judged queries, compute measures, compare two runs."""
