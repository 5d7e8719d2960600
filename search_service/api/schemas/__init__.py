"""Requests and responses of the HTTP interface."""
