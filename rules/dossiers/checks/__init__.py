"""The checks of a dossier: what is wrong in it, where, and what to do."""
