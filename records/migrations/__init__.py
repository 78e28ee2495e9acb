"""Schema migrations, run by ``records.migrating``."""
