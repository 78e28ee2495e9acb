"""Delete rosters whose time after their campaign's end is over."""
