"""The application as gunicorn loads it, and the server that runs it."""
