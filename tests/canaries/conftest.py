"""The canaries share the session's Prefect server with the tests of the deployments."""

from tests.prefect_server import prefect_client, prefect_server

__all__ = ["prefect_client", "prefect_server"]
