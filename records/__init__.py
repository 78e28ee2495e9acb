"""What is remembered: tables, queries, gates, bells, outbox rows, the audit chain, clock and encryption."""
