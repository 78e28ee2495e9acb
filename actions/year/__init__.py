"""The year: rosters kept current, who is asked when, services."""
