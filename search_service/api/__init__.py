"""The HTTP interface: parameters in, JSON out."""
