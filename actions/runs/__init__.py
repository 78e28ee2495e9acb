"""Runs: which Prefect run carries a subject, and what wakes it."""
