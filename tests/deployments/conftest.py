"""A real Prefect server for the tests of ringer, worker and stack."""

from tests.prefect_server import prefect_client, prefect_server

__all__ = ["prefect_client", "prefect_server"]
