"""Look after the append-only audit log."""
