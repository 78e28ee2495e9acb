"""Who pretends: simulated people and the driver of simulated time."""
