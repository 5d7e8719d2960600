"""The types of answers: dictionaries, as the JSON of the HTTP interface has them.

These modules do without `from __future__ import annotations`: it hides `NotRequired` from programs that read the types.
"""
