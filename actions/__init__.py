"""What people do: hand in, decide, return, extend, open, close; one transaction each, no Prefect."""
