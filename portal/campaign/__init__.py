"""The campaign: its configuration, its stages and their dates."""
