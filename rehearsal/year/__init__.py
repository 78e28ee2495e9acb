"""The year pretended: a whole county's rosters, kept for months."""
