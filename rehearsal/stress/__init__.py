"""Everything at once, and everything broken: melee, chaos, and what must hold after both."""
