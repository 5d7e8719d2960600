"""The commands of `arabic-search`, by subject. They raise errors; `search_service.cli` turns these into text."""
