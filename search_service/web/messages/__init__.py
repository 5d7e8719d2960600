"""What the page says, in Arabic and in English."""
