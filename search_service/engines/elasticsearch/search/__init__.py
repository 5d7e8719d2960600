"""Asking: from a search plan to what Elasticsearch answers, in the service's own types."""
