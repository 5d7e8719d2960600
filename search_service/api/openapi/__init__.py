"""The OpenAPI 3.1 document of the HTTP interface, made from the operations and their types."""
