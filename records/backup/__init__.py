"""A backup as rows in one file, taken and restored."""
