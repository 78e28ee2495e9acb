"""Runs 运行: the Prefect UI, shown by the portal to whoever may look, with their own account."""
