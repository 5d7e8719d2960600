"""The version, that of the HTTP interface it was made for."""

__version__ = "0.1.0"
