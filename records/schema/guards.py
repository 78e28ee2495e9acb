"""What the database itself refuses: changing or deleting a link of the audit chain or a record of the year.

Whoever may change the schema may also take these down; they hold against a slip, a foreign tool and an injected
statement. ``lifted`` is the one way around them: for a restore into an empty database and for tests.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

WORDS = "the audit log is only ever added to"
YEAR_WORDS = "what is noted of the year is only ever added to"


@dataclass(frozen=True, slots=True)
class Guards:
    """Triggers by name that belong together: when each refuses, in either database, and in which words."""

    function: str
    words: str
    sqlite: Mapping[str, str]
    postgresql: Mapping[str, str]

    def of(self, dialect: str) -> Mapping[str, str]:
        return self.sqlite if dialect == "sqlite" else self.postgresql


OF_AUDIT = Guards(
    "refuse_audit_change",
    WORDS,
    {
        "audit_kept": "BEFORE DELETE ON audit",
        "audit_unchanged": "BEFORE UPDATE ON audit",
        "audit_head_kept": "BEFORE DELETE ON audit_head",
        "audit_head_grows": "BEFORE UPDATE ON audit_head WHEN NEW.length < OLD.length",
    },
    {
        "audit_kept": "BEFORE DELETE OR UPDATE OR TRUNCATE ON audit FOR EACH STATEMENT",
        "audit_head_kept": "BEFORE DELETE OR TRUNCATE ON audit_head FOR EACH STATEMENT",
        "audit_head_grows": "BEFORE UPDATE ON audit_head FOR EACH ROW WHEN (NEW.length < OLD.length)",
    },
)
NOTED = ("year_opening", "roster_confirmation", "service")
"""Of these no cell is ever written again; of a change, its sealed values are: under a new key, or emptied."""
CHANGE = "village_code, person, kind, day, corrects, source, recorded_by, recorded_at"
OF_YEAR = Guards(
    "refuse_year_change",
    YEAR_WORDS,
    {
        **{f"{name}_kept": f"BEFORE DELETE ON {name}" for name in (*NOTED, "roster_change")},
        **{f"{name}_unchanged": f"BEFORE UPDATE ON {name}" for name in NOTED},
        "roster_change_unchanged": f"BEFORE UPDATE OF {CHANGE} ON roster_change",
    },
    {
        **{
            f"{name}_kept": f"BEFORE DELETE OR UPDATE OR TRUNCATE ON {name} FOR EACH STATEMENT"
            for name in NOTED
        },
        "roster_change_kept": "BEFORE DELETE OR TRUNCATE ON roster_change FOR EACH STATEMENT",
        "roster_change_unchanged": f"BEFORE UPDATE OF {CHANGE} ON roster_change FOR EACH STATEMENT",
    },
)
ALL = (OF_AUDIT, OF_YEAR)
TABLES = ("audit", "audit_head", *NOTED, "roster_change")


def put_up(connection: Connection, guards: Guards) -> None:
    """Let the database refuse from now on."""
    if connection.dialect.name == "sqlite":
        for name, when in guards.sqlite.items():
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{guards.words}'); END"
            )
        return
    connection.exec_driver_sql(
        f"CREATE OR REPLACE FUNCTION {guards.function}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{guards.words}'; END $$"
    )
    for name, when in guards.postgresql.items():
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION {guards.function}()")


def standing(connection: Connection) -> frozenset[str]:
    """The names of those that are up."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    else:
        found = connection.exec_driver_sql(
            "SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relnamespace = current_schema()::regnamespace"
        )
    return frozenset(found.scalars())


def expected(connection: Connection) -> frozenset[str]:
    """The names of those that should be up."""
    return frozenset(name for guards in ALL for name in guards.of(connection.dialect.name))


@contextmanager
def lifted(connection: Connection) -> Iterator[None]:
    """Without them inside the caller's transaction, which should end with the block; a schema that had none, or is
    too old for some, has none of these afterwards either."""
    there = standing(connection)
    up = [one for one in ALL if not there.isdisjoint(one.of(connection.dialect.name))]
    for one in up:
        _take_down(connection, one)
    yield
    for one in up:
        put_up(connection, one)


def _take_down(connection: Connection, guards: Guards) -> None:
    if connection.dialect.name == "sqlite":
        for name in guards.sqlite:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        return
    for name, when in guards.postgresql.items():
        table = when.partition(" ON ")[2].split()[0]
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {table}")
