"""Sealing: keys, sealed files, keyed hashes, and the search for what is not sealed."""
