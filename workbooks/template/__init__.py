"""Templates: made, filled in, explained."""
