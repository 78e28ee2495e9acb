"""A real Prefect server for tests that run the real flows on real rows."""

from tests.prefect_server import prefect_client, prefect_server

__all__ = ["prefect_client", "prefect_server"]
