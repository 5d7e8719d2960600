"""Commands for developers that make data of the project; no part of the service."""
