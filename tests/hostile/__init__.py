"""Strangers, full disks, damaged files and restarts: what the service does then."""
