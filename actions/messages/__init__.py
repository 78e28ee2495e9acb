"""Messages: what is said, sent and kept."""
