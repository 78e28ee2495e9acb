"""Schema migrations, run by ``records.schema.migrate``."""
