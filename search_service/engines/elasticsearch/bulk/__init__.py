"""Bulk writing with ordered retries: no change is lost, repeated or reordered."""
