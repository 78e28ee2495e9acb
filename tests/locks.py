"""Watches in which order the acts under test lock rows, whatever the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from records.locks import ORDER

TAKEN = "locks taken"


@contextmanager
def watched() -> Iterator[list[tuple[str, str]]]:
    """Pairs of tables that were locked the wrong way round, filled as transactions end."""
    wrong: list[tuple[str, str]] = []

    def note(state: ORMExecuteState) -> None:
        if getattr(state.statement, "_for_update_arg", None) is not None:
            tables = [one["entity"].__tablename__ for one in state.statement.column_descriptions]
            state.session.info.setdefault(TAKEN, []).extend(tables[:1])

    def judge(session: Session, ended: SessionTransaction) -> None:
        if ended.parent is None:
            wrong.extend(wrong_way_round(session.info.pop(TAKEN, [])))

    event.listen(Session, "do_orm_execute", note)
    event.listen(Session, "after_transaction_end", judge)
    try:
        yield wrong
    finally:
        event.remove(Session, "do_orm_execute", note)
        event.remove(Session, "after_transaction_end", judge)


def wrong_way_round(tables: list[str]) -> list[tuple[str, str]]:
    """A row locked once more counts from its first time."""
    first = list(dict.fromkeys(tables))
    return [(one, other) for one, other in pairwise(first) if ORDER.index(one) > ORDER.index(other)]
