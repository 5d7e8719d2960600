"""Who may do what: keys, the caller of a request, what a caller sees of an engine, and how often it may ask."""
