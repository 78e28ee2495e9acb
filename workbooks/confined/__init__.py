"""The reading process: what touches strangers' files lives and dies there."""
