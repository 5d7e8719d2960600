"""Types that every layer uses: errors, dates, documents, filters, results."""
