"""The steps between parsing a query and searching for it."""
