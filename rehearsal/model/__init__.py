"""A model of the campaign: random acts by random people, and after each of them what must always hold."""
