"""The embedded engine, on tantivy."""
