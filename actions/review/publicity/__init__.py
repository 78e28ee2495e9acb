"""Publicity of who is about to be recognised: its days, its objections, its end."""
