"""Upkeep: what an operator looks after."""
