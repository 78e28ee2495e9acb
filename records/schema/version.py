"""Whether a database can be worked with: reachable, with the schema of this version, on the real clock."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import Connection, inspect
from sqlalchemy.exc import SQLAlchemyError

from records.faults import Kind, kind_of, why_not
from records.schema.migrate import known_revisions, revision_of
from records.store import file_of, open_engine

Standing = Literal["empty", "current", "behind", "ahead", "foreign"]
"""Of a schema: nothing there; ours; ours but older; ours but newer; somebody else's tables."""


class Unreachable(Exception):
    """The database does not answer, or is no database; the sentence never holds the password."""

    def __init__(self, sentence: str, kind: Kind | None) -> None:
        super().__init__(sentence)
        self.kind = kind


def schema_standing(url: str) -> Standing:
    """Looks without changing anything; raises Unreachable."""
    file = file_of(url)
    if file is not None and not file.exists():
        return "empty"
    try:
        engine = open_engine(url)
        with engine.connect() as connection:
            standing = _standing(connection)
        engine.dispose()
    except SQLAlchemyError as error:
        sentence = why_not(error).rstrip("。") or str(error).splitlines()[0]
        raise Unreachable(sentence, kind_of(error)) from error
    return standing


def _standing(connection: Connection) -> Standing:
    revision, known = revision_of(connection), known_revisions()
    if not revision:
        return "foreign" if inspect(connection).get_table_names() else "empty"
    if revision == known[0]:
        return "current"
    return "behind" if revision in known else "ahead"
