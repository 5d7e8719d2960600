"""The search page, with the same use cases as the HTTP interface."""
