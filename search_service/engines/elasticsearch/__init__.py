"""The engine on Elasticsearch, for more than one machine."""
