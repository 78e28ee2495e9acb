"""How simulated people get things done: by actions, portal or browser."""
