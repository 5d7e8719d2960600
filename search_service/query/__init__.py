"""Queries before any engine's own language: the tree, its parser, and the steps that understand what was typed."""
