"""Dossiers: what towns hand in for their villages, and what is made of it."""
