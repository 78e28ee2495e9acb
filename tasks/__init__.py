"""What is retried: one Prefect task per act worth retrying."""
