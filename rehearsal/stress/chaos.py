"""Chaos: a campaign through the portal while its processes, database, disk and clock are broken at random.

A round is one rehearsal. Every disturbance that its database allows comes once, in an order and before steps that
follow from the seed. Right is the outcome of the undisturbed rehearsal, and each mail once, save that a mail may
come again under its Message-ID when its sender died after the mail server's OK.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from config.campaign_folder import campaign_folder, read_campaign, restrict
from config.failpoints import arm
from deployments.local.processes import Stack
from records.sealing.vault import open_vault
from records.store import Store
from rehearsal.mailbox import read_mails
from rehearsal.rehearsal import Script, play
from rehearsal.stress import small_disk as disks
from rehearsal.stress.invariants import broken
from rehearsal.stress.own_server import OwnServer, database_on, own_server

CAMPAIGN_ID = "longquan-2020"
FIRST, LAST = 4, 32
"""Between which steps things break: from when people are logged in until the reviews are over."""
FULL_FOR_S = 1.5
AHEAD_S = 86_400
DISK_MB = 64
WRONG_CLOCK = "rehearsal.stress.other_clock"

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Chaos:
    """Rounds of so many villages each, kept in ``folder``; SQLite and PostgreSQL take turns where both are there."""

    folder: Path
    rounds: int = 5
    villages: int = 3
    seed: int = 7


@dataclass
class Scene:
    """What a round may break: its home, its PostgreSQL server, its small disk; None where it has none."""

    home: Path
    url: str = ""
    server: OwnServer | None = None
    disk: Path | None = None
    timers: list[threading.Timer] = field(default_factory=list)

    @property
    def clock(self) -> Path:
        return self.home / "clock_ahead"


@dataclass(frozen=True, slots=True)
class Round:
    """What was broken before which step, and what came of it: copies of mails, and what is wrong."""

    broke: Mapping[int, str]
    outcome: str
    copies: int
    wrong: Sequence[str]


# --- what breaks ---------------------------------------------------------------------------------


def kill_worker(_scene: Scene, stack: Stack) -> None:
    stack.kill("worker")


def kill_server(_scene: Scene, stack: Stack) -> None:
    stack.kill("server")


def kill_portal(_scene: Scene, stack: Stack) -> None:
    stack.kill("portal")


def kill_sender(scene: Scene, _stack: Stack) -> None:
    """Between the mail server's OK and the mark: the one window in which a mail may come twice."""
    arm(scene.home, "outbox.sent_unmarked")


def forget_prefect(_scene: Scene, stack: Stack) -> None:
    stack.kill("server")
    stack.delete_prefect_database()
    stack.start_server()


def fill_disk(scene: Scene, _stack: Stack) -> None:
    assert scene.disk is not None
    disks.fill(scene.disk)
    room = threading.Timer(FULL_FOR_S, disks.empty, (scene.disk,))
    scene.timers.append(room)
    room.start()


def end_connections(scene: Scene, _stack: Stack) -> None:
    assert scene.server is not None
    scene.server.end_connections()


def restart_database(scene: Scene, _stack: Stack) -> None:
    assert scene.server is not None
    scene.server.restart()


def clock_ahead(scene: Scene, _stack: Stack) -> None:
    scene.clock.write_text(str(AHEAD_S), encoding="ascii")


def clock_back(scene: Scene, stack: Stack) -> None:
    """And the worker dies with leases that run out tomorrow."""
    stack.kill("worker")
    scene.clock.write_text("0", encoding="ascii")


Breaks = Callable[[Scene, Stack], None]
ALWAYS: tuple[Breaks, ...] = (kill_worker, kill_server, kill_portal, kill_sender, forget_prefect)
CLOCK: tuple[Breaks, ...] = (clock_ahead, clock_back)
DEADLY: frozenset[Breaks] = frozenset((kill_worker, kill_sender, clock_back))
"""After these the sender may have died after the OK."""


def planned(scene: Scene, luck: Random) -> Mapping[int, Breaks]:
    """Before which step what breaks: each disturbance once, the clock back after it was ahead."""
    breaks = [*ALWAYS]
    breaks += [fill_disk] if scene.disk else []
    breaks += [end_connections, restart_database] if scene.server else []
    luck.shuffle(breaks)
    at = luck.randrange(len(breaks))
    # Side by side: what waits for tomorrow in between would never end a rehearsal that has no tomorrow.
    breaks[at:at] = CLOCK
    steps = sorted(luck.sample(range(FIRST, LAST), len(breaks)))
    return dict(zip(steps, breaks, strict=True))


# --- rounds --------------------------------------------------------------------------------------


def run(chaos: Chaos, *, say: Say, right: str = "") -> tuple[str, list[Round]]:
    """The undisturbed outcome, which is played where it is not known yet, and each round."""
    with ExitStack() as stack:
        server = stack.enter_context(own_server())
        if server is None:
            say("no PostgreSQL is installed here: every round is on SQLite")
        right = right or _play(Scene(chaos.folder / "undisturbed"), chaos, {})["outcome_sha256"]
        say(f"undisturbed: {right[:16]}")
        rounds = []
        for number in range(chaos.rounds):
            with _scene(chaos.folder / f"round-{number}", server if number % 2 else None) as scene:
                rounds.append(_round(scene, chaos, number, right=right, say=say))
    return right, rounds


@contextmanager
def _scene(home: Path, server: OwnServer | None) -> Iterator[Scene]:
    """A database on the server, or in a file on a small disk; where none can be mounted, the disk stays whole."""
    if server is not None:
        with database_on(server) as url:
            yield Scene(home, url, server)
        return
    with disks.small_disk(home.with_suffix(".disk"), megabytes=DISK_MB) as disk:
        yield Scene(home, f"sqlite:///{disk / 'hqe.db'}" if disk else "", disk=disk)


def _round(scene: Scene, chaos: Chaos, number: int, *, right: str, say: Say) -> Round:
    plan = planned(scene, Random(f"{chaos.seed}:{number}"))
    names = {step: breaks.__name__ for step, breaks in plan.items()}
    where = (
        "PostgreSQL"
        if scene.server
        else "SQLite"
        if scene.disk
        else "SQLite, no small disk may be mounted here"
    )
    say(
        f"round {number + 1} ({where}): " + ", ".join(f"{name} before {step}" for step, name in names.items())
    )
    report = _play(scene, chaos, plan)
    copies, wrong = _mails(scene, most=sum(breaks in DEADLY for breaks in plan.values()))
    if report["outcome_sha256"] != right:
        wrong.append(f"the outcome is {report['outcome_sha256'][:16]}, undisturbed it was {right[:16]}")
    wrong += _left(scene, chaos)
    restarts = ", ".join(f"{name} {times}" for name, times in report["restarts"].items())
    say(
        f"  {report['outcome_sha256'][:16]} in {report['duration_s']} s; restarts: {restarts}; mails twice: {copies}"
    )
    for sentence in wrong:
        say(f"  ! {sentence}")
    return Round(names, report["outcome_sha256"], copies, wrong)


def _play(scene: Scene, chaos: Chaos, plan: Mapping[int, Breaks]) -> dict[str, Any]:
    def disturb(stack: Stack, step: int) -> None:
        if step in plan:
            plan[step](scene, stack)

    script = Script(
        home=scene.home,
        campaign_id=CAMPAIGN_ID,
        villages=chaos.villages,
        seed=chaos.seed,
        database_url=scene.url,
        through_portal=bool(plan),
        disturb=disturb,
        under=(WRONG_CLOCK, str(scene.clock)) if plan else (),
    )
    try:
        played = play(script)
        played.stop()
    finally:
        for timer in scene.timers:
            timer.join()
    return played.report


def _mails(scene: Scene, *, most: int) -> tuple[int, list[str]]:
    """How many mails came again under their Message-ID, and what is wrong with that."""
    mails = read_mails(scene.home / "mails")
    identities = {mail.key: {one.message_id for one in mails if one.key == mail.key} for mail in mails}
    wrong = [f"{key} came under {len(ids)} Message-IDs" for key, ids in identities.items() if len(ids) > 1]
    copies = sum(times - 1 for times in Counter(mail.message_id for mail in mails).values())
    if copies > most:
        wrong.append(f"{copies} mails came again, and the sender died {most} times")
    return copies, wrong


def _left(scene: Scene, chaos: Chaos) -> list[str]:
    """What does not hold in the database afterwards."""
    campaign = restrict(read_campaign(campaign_folder(CAMPAIGN_ID)), chaos.villages)
    url = scene.url or f"sqlite:///{scene.home / 'hqe.db'}"
    store = Store(url, vault=open_vault(scene.home / "secret.key"), home=scene.home)
    with store.reading() as session:
        found = broken(session, campaign)
    store.close()
    return found
