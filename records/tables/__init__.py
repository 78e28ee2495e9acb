"""Every table, by subject, and the column types they share."""
