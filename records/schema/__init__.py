"""The schema: which version a database has, and how it comes to the newest."""
