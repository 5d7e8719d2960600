"""Sentences for errors and other messages, in English and Arabic."""
