"""Dossiers that are typed on a page."""
