"""Living rosters, when their people are asked, and services."""
