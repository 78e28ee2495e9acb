"""How many runs ended or stand how, by Prefect's own account."""

from __future__ import annotations

from collections import Counter

NAMES = {"completed": "COMPLETED", "suspended": "PAUSED", "failed": "FAILED", "crashed": "CRASHED"}
AT_ONCE = 200


def count_runs(api: str, *, password: str) -> dict[str, int]:
    """Runs by state; ``other`` is whatever is neither ended nor asleep."""
    from prefect.client.orchestration import SyncPrefectClient

    states: Counter[str] = Counter()
    with SyncPrefectClient(api, auth_string=password) as client:
        while runs := client.read_flow_runs(limit=AT_ONCE, offset=states.total()):
            states.update(run.state.type.value if run.state else "NONE" for run in runs)
    counted = {name: states[state] for name, state in NAMES.items()}
    return {**counted, "other": states.total() - sum(counted.values())}
