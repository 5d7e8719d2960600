"""The engine on Elasticsearch."""
