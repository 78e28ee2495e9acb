"""The stage between the forms: what must add up, and what follows from an answer that was told already."""
