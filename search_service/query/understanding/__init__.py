"""Query understanding: the steps between parsing a query and planning its search."""
