"""What the search page says."""
