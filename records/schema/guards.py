"""What the database itself refuses: changing or deleting a link of the audit chain, shortening its head.

Whoever may change the schema may also take these down; they hold against a slip, a foreign tool and an injected
statement. ``lifted`` is the one way around them: for a restore into an empty database and for tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

WORDS = "the audit log is only ever added to"
TABLES = ("audit", "audit_head")
SQLITE = {
    "audit_kept": "BEFORE DELETE ON audit",
    "audit_unchanged": "BEFORE UPDATE ON audit",
    "audit_head_kept": "BEFORE DELETE ON audit_head",
    "audit_head_grows": "BEFORE UPDATE ON audit_head WHEN NEW.length < OLD.length",
}
POSTGRESQL = {
    "audit_kept": "BEFORE DELETE OR UPDATE OR TRUNCATE ON audit FOR EACH STATEMENT",
    "audit_head_kept": "BEFORE DELETE OR TRUNCATE ON audit_head FOR EACH STATEMENT",
    "audit_head_grows": "BEFORE UPDATE ON audit_head FOR EACH ROW WHEN (NEW.length < OLD.length)",
}


def put_up(connection: Connection) -> None:
    """Let the database refuse from now on."""
    if connection.dialect.name == "sqlite":
        for name, when in SQLITE.items():
            connection.exec_driver_sql(
                f"CREATE TRIGGER {name} {when} BEGIN SELECT RAISE(ABORT, '{WORDS}'); END"
            )
        return
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WORDS}'; END $$"
    )
    for name, when in POSTGRESQL.items():
        connection.exec_driver_sql(f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION refuse_audit_change()")


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
    return frozenset(SQLITE if connection.dialect.name == "sqlite" else POSTGRESQL)


@contextmanager
def lifted(connection: Connection) -> Iterator[None]:
    """Without them inside the caller's transaction, which should end with the block; a schema without any has none
    afterwards either."""
    there = bool(standing(connection))
    if there:
        _take_down(connection)
    yield
    if there:
        put_up(connection)


def _take_down(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        for name in SQLITE:
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}")
        return
    for name, when in POSTGRESQL.items():
        table = when.partition(" ON ")[2].split()[0]
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name} ON {table}")
