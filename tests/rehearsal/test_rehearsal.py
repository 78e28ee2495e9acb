"""The three-village campaign, undisturbed and with a process killed at each dangerous point.

Each run is the real thing: a Prefect server, a worker, a mail server, a database, a simulated clock.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from deployments.mails import Mail, read_mails
from deployments.stack import Stack
from records import audit
from records.store import Store
from records.vault import Vault
from tests.conftest import POSTGRESQL, postgresql_admin
from tests.rehearsal.conftest import SEED, rehearse


def test_rehearsal_of_three_villages_shows_the_main_way(undisturbed: tuple[Path, dict[str, Any]]) -> None:
    _, report = undisturbed

    assert report["flow_runs"] | {"completed": 0} == dict.fromkeys(
        ("completed", "suspended", "failed", "crashed", "other"), 0
    )
    assert (report["towns"], report["villages"]) == (2, 3)
    assert (report["recognised"], report["not_recognised"], report["gates"]["returned"]) == (2, 1, 1)
    assert report["awards_total_yuan"] == 20_000
    assert report["messages"]["duplicate"] == 0
    assert report["messages"]["sent"] == len(read_mails(undisturbed[0] / "mails")) > 0


def test_rehearsal_leaves_a_whole_audit_chain(undisturbed: tuple[Path, dict[str, Any]]) -> None:
    store = Store(f"sqlite:///{undisturbed[0] / 'hqe.db'}", vault=Vault(bytes(32)), home=undisturbed[0])
    with store.reading() as session:
        found = audit.verify(session)
    store.close()

    assert found.length > 0
    assert found.broken is None


@pytest.mark.parametrize(
    "failpoint", ["ringer.bell_taken", "ringer.resumed", "flow.body", "outbox.sent_unmarked"]
)
def test_rehearsal_with_the_worker_killed_has_the_same_outcome(
    undisturbed: tuple[Path, dict[str, Any]], tmp_path: Path, failpoint: str
) -> None:
    hits = random.Random(f"{SEED}:{failpoint}").randint(2, 20)

    report = rehearse(tmp_path, failpoints=((failpoint, hits),))

    assert report["restarts"]["worker"] >= 1
    assert report["outcome_sha256"] == undisturbed[1]["outcome_sha256"]
    assert repeated(tmp_path) <= ({1} if failpoint == "outbox.sent_unmarked" else set())


def repeated(home: Path) -> set[int]:
    """How many different Message-IDs the mails have that came more than once, by key."""
    by_key: dict[str, list[Mail]] = {}
    for mail in read_mails(home / "mails"):
        by_key.setdefault(mail.key, []).append(mail)
    return {len({mail.message_id for mail in mails}) for mails in by_key.values() if len(mails) > 1}


def kill_server(stack: Stack) -> None:
    stack.kill("server")


def forget_prefect(stack: Stack) -> None:
    stack.stop_server()
    stack.delete_prefect_database()
    stack.start_server()


@pytest.mark.parametrize("what", [kill_server, forget_prefect])
def test_rehearsal_with_prefect_lost_has_the_same_outcome(
    undisturbed: tuple[Path, dict[str, Any]], tmp_path: Path, what: Callable[[Stack], None]
) -> None:
    at = random.Random(f"{SEED}:{what.__name__}").randint(10, 30)
    done = Counter[str]()

    def disturb(stack: Stack, step: int) -> None:
        if step == at:
            done["disturbed"] += 1
            what(stack)

    report = rehearse(tmp_path, disturb=disturb)

    assert done["disturbed"] == 1
    assert report["outcome_sha256"] == undisturbed[1]["outcome_sha256"]
    assert report["messages"]["duplicate"] == 0


@pytest.fixture
def prefect_on_postgresql() -> Iterator[str]:
    """A PostgreSQL database of its own for Prefect."""
    name = f"hqe_prefect_{uuid.uuid4().hex[:12]}"
    with postgresql_admin() as run:
        run(f"CREATE DATABASE {name}")
        yield (
            make_url(POSTGRESQL)
            .set(drivername="postgresql+asyncpg", database=name)
            .render_as_string(hide_password=False)
        )
        run(f"DROP DATABASE {name} WITH (FORCE)")


def test_rehearsal_with_prefect_on_postgresql_has_the_same_outcome(
    undisturbed: tuple[Path, dict[str, Any]], tmp_path: Path, prefect_on_postgresql: str
) -> None:
    report = rehearse(tmp_path, prefect_database_url=prefect_on_postgresql)

    assert report["outcome_sha256"] == undisturbed[1]["outcome_sha256"]


def test_rehearsal_with_the_same_seed_has_the_same_outcome(
    undisturbed: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    assert rehearse(tmp_path)["outcome_sha256"] == undisturbed[1]["outcome_sha256"]


class Interrupted(Exception):
    """The rehearsal itself is killed."""


def test_rehearsal_interrupted_and_started_again_has_the_same_outcome(
    undisturbed: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    def disturb(stack: Stack, step: int) -> None:
        if step == 25:
            stack.kill("worker")
            stack.kill("server")
            raise Interrupted

    with pytest.raises(Interrupted):
        rehearse(tmp_path, disturb=disturb)

    assert rehearse(tmp_path)["outcome_sha256"] == undisturbed[1]["outcome_sha256"]
