"""Papers: receipts, printed lists, official papers from Word templates, and their fonts."""
