"""The baseline of the benchmark: a flow that suspends once, written and served as Prefect documents it."""

from __future__ import annotations

from prefect import flow
from prefect.flow_runs import suspend_flow_run


@flow(name="stock-sleeper", persist_result=True)
def stock_sleeper() -> None:
    """Suspend once; complete when resumed."""
    suspend_flow_run(key="once", timeout=3600)


if __name__ == "__main__":
    stock_sleeper.serve(name="stock", limit=2)
