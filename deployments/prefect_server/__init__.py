"""The Prefect server of this house, and what is mended in it."""
