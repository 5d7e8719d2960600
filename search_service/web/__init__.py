"""The search page: templates and static files over the same use cases as the HTTP interface."""
