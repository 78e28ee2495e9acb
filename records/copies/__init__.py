"""Copies of a database: to try things out, to measure, to compare."""
