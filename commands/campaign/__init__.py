"""Look after a campaign."""
