"""The flows of the campaign on Prefect's stock ``serve``, as its documentation starts it: to compare with."""

from __future__ import annotations

import argparse
import os

from deployments.prefect_server import server
from deployments.worker.execution import flow_at
from deployments.worker.registry import REGISTERED

SERVER_WITHIN = 600.0


def main(arguments: list[str] | None = None) -> None:
    """Serve until told to stop; a bell has its run created and resumed, ``serve`` starts a process for it."""
    from prefect import serve
    from prefect.deployments.runner import RunnerDeployment
    from prefect.types.entrypoint import EntrypointType

    parser = argparse.ArgumentParser(prog="python -m deployments.bench.stock_serve", description=__doc__)
    parser.add_argument("--limit", type=int, default=2)
    options = parser.parse_args(arguments)
    server.wait_until_healthy(os.environ["PREFECT_API_URL"], timeout=SERVER_WITHIN)
    served = [
        RunnerDeployment.from_flow(
            flow_at(one.entrypoint), one.kind, tags=[one.title], entrypoint_type=EntrypointType.MODULE_PATH
        )
        for one in REGISTERED
    ]
    serve(*served, limit=options.limit, print_starting_message=False)


if __name__ == "__main__":
    main()
