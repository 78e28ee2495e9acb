"""Overview: where everything stands."""
