"""The use cases of searching: validate, understand, plan, search."""
