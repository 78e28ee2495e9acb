"""Look after the key that seals files and identity numbers."""
