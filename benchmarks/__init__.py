"""Benchmarks. They are not tests: `make bench` prints the tables that docs/benchmarks.md keeps."""
