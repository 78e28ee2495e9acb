"""Duties: who owes what by when, and what happens if nothing comes."""
