"""Lets Prefect's scheduler insert the runs of a schedule under SQLAlchemy 2.1."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import Any


def leave_states_out() -> None:
    """Say what a bulk insert does with a run's state: nothing, the scheduler inserts states by themselves.

    Prefect names `state` beside the columns of a run. It is a hybrid, which SQLAlchemy 2.0 passed over and
    2.1 refuses unless told what it means; without this no scheduled run is ever made.
    """
    from prefect.server.database.orm_models import FlowRun

    hybrid: Any = vars(FlowRun)["state"]
    hybrid.bulk_dml_setter = _leave_out


def _leave_out(_model: type, _values: MutableMapping[str, Any], _state: object) -> None:
    return None
