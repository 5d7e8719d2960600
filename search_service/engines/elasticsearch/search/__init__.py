"""Searching: from a search plan to a request, and from the response to the service's own types."""
