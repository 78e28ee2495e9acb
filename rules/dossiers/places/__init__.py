"""Names of villages and towns as people write them, in cells and above the annexes."""
