"""The commands of `arabic-search`, by subject. They raise errors; `search_service.cli.main` prints them."""
