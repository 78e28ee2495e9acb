"""Papers: receipts, printed lists and their fonts."""
