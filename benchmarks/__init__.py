"""Measurements, never timed tests: `make bench` prints the table that docs/benchmarks.md keeps."""
