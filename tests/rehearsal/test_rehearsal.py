"""A campaign of eight villages, undisturbed and with a process killed at each dangerous point.

Each run is the real thing: a Prefect server, a worker, a mail server, a database, a simulated clock.
"""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from config.failpoints import arm, counter
from deployments.local.processes import Stack
from records import audit
from records.sealing.vault import Vault
from records.store import Store
from rehearsal.mailbox import Mail, read_mails
from rehearsal.rehearsal import Script, play
from rules.campaign.campaign import ROLES
from tests.conftest import POSTGRESQL, postgresql_admin
from tests.rehearsal.conftest import SEED, VILLAGES, Played, rehearse

pytestmark = pytest.mark.programs


def test_rehearsal_of_three_villages_shows_the_main_way(straight: Played) -> None:
    home, report = straight

    assert ended_badly(report) == {}
    assert (report["towns"], report["villages"]) == (2, 3)
    assert (report["recognised"], report["not_recognised"], report["gates"]["returned"]) == (2, 1, 1)
    assert report["awards_total_yuan"] == 20_000
    assert report["messages"]["duplicate"] == 0
    assert report["messages"]["sent"] == len(read_mails(home / "mails")) > 0


def ended_badly(report: dict[str, Any]) -> dict[str, int]:
    """Runs that did not complete, by state."""
    return {state: runs for state, runs in report["flow_runs"].items() if runs and state != "completed"}


def test_rehearsal_of_eight_villages_shows_nearly_every_way(undisturbed: Played) -> None:
    report = undisturbed[1]
    ways = {
        "late": report["uploads"]["late"],
        "returned": report["gates"]["returned"],
        "escalated": report["gates"]["escalated"],
        "deputised": report["gates"]["deputised"],
        "second_reviews": report["gates"]["second_reviews"],
        "not_recognised": report["not_recognised"],
        "vetoed": report["vetoed"],
        "paid_before": report["paid_before"],
    }

    assert ended_badly(report) == {}
    assert [way for way, times in ways.items() if not times] == []
    assert report["recognised"] + report["not_recognised"] + report["vetoed"] == VILLAGES


def test_rehearsal_leaves_a_whole_audit_chain(undisturbed: Played) -> None:
    store = Store(f"sqlite:///{undisturbed[0] / 'hqe.db'}", vault=Vault(bytes(32)), home=undisturbed[0])
    with store.reading() as session:
        found = audit.verify(session)
    store.close()

    assert found.length > 0
    assert found.broken is None


MOST_HITS = {
    "ringer.bell_taken": 14,
    "ringer.resumed": 14,
    "flow.body": 14,
    "stage.closing": 4,
    "outbox.sent_unmarked": 14,
}
"""Failpoint of the worker -> at which of its hits it is killed at the latest: fewer than there are on a busy machine,
where bells are taken together."""


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """A rehearsal whose worker is killed once at each of these points."""
    home = tmp_path_factory.mktemp("killed")
    armed = [(name, random.Random(f"{SEED}:{name}").randint(2, most)) for name, most in MOST_HITS.items()]
    return home, rehearse(home, failpoints=tuple(armed))


@pytest.mark.parametrize("failpoint", MOST_HITS)
def test_rehearsal_with_the_worker_killed_has_the_same_outcome(
    undisturbed: Played, killed: Played, failpoint: str
) -> None:
    home, report = killed

    assert not counter(home, failpoint).exists()
    assert report["restarts"]["worker"] == len(MOST_HITS)
    assert report["outcome_sha256"] == undisturbed[1]["outcome_sha256"]
    # The mail that was sent and not marked when the worker died comes again, the same; no other death repeats any.
    assert [len({mail.message_id for mail in mails}) for mails in repeated(home)] == [1]


def repeated(home: Path) -> list[list[Mail]]:
    """The mails that came more than once, by key."""
    by_key: dict[str, list[Mail]] = {}
    for mail in read_mails(home / "mails"):
        by_key.setdefault(mail.key, []).append(mail)
    return [mails for mails in by_key.values() if len(mails) > 1]


def kill_server(stack: Stack) -> None:
    stack.kill("server")


def forget_prefect(stack: Stack) -> None:
    stack.stop_server()
    stack.delete_prefect_database()
    stack.start_server()


LOSSES = {kill_server: (10, 19), forget_prefect: (20, 30)}
"""How Prefect is lost -> between which steps."""


@pytest.fixture(scope="module")
def lost(tmp_path_factory: pytest.TempPathFactory) -> tuple[Counter[str], dict[str, Any]]:
    """A rehearsal in which Prefect is lost once in each of these ways: what was lost, and its report."""
    at = {random.Random(f"{SEED}:{one.__name__}").randint(*between): one for one, between in LOSSES.items()}
    done = Counter[str]()

    def disturb(stack: Stack, step: int) -> None:
        if step in at:
            done[at[step].__name__] += 1
            at[step](stack)

    return done, rehearse(tmp_path_factory.mktemp("lost"), disturb=disturb)


@pytest.mark.parametrize("what", LOSSES)
def test_rehearsal_with_prefect_lost_has_the_same_outcome(
    undisturbed: Played, lost: tuple[Counter[str], dict[str, Any]], what: Callable[[Stack], None]
) -> None:
    done, report = lost

    assert done[what.__name__] == 1
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


def test_rehearsal_with_the_same_seed_and_prefect_on_postgresql_has_the_same_outcome(
    undisturbed: Played, tmp_path: Path, prefect_on_postgresql: str
) -> None:
    report = rehearse(tmp_path, prefect_database_url=prefect_on_postgresql)

    assert report["outcome_sha256"] == undisturbed[1]["outcome_sha256"]


def test_rehearsal_killed_started_again_left_in_mid_campaign_and_gone_on_with_has_the_same_outcome(
    undisturbed: Played, tmp_path: Path
) -> None:
    """Killed between moving the clock and the tick of that moment, server and worker dying with it.

    Started again it invites visitors on 18 November; then it is played to its end.
    """
    arm(tmp_path, "rehearsal.clock_moved", random.Random(f"{SEED}:killed").randint(10, 30))
    command = [
        str(Path(sys.executable).parent / "hqe"), "rehearse", "--home", str(tmp_path),
        "--villages", str(VILLAGES), "--seed", str(SEED), "--json", str(tmp_path / "out.json"),
    ]  # fmt: skip
    script = Script(home=tmp_path, villages=VILLAGES, seed=SEED, until=date(2020, 11, 18), visitors=True)

    killed = subprocess.run(command, capture_output=True, check=False)
    played = play(script)
    played.stop()
    ended = subprocess.run(command, capture_output=True, check=False)

    assert (killed.returncode, ended.returncode) == (-signal.SIGKILL, 0), ended.stderr
    assert [visitor.role for visitor in played.visitors] == list(ROLES.values())
    assert played.report["flow_runs"]["suspended"] > 0
    assert played.report["stages"]["verification"]["closed"] is None
    report = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert report["outcome_sha256"] == undisturbed[1]["outcome_sha256"]
    assert report["messages"]["duplicate"] == 0
