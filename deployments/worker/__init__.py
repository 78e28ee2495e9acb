"""The worker: answers bells, runs flows, sends the outbox."""
