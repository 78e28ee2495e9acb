"""Kills one of two senders between any two steps of a mail's way, again and again, and counts what arrives."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.failpoints import arm
from records import outbox
from records.store import Store
from rehearsal.mailbox import Mail, Postbox, read_mails

ALLOWED = ("outbox.sent_unmarked", "outbox.marking")
"""Between the mail server's OK and the mark: here a kill may double a mail."""
POINTS = ("outbox.claiming", "outbox.claimed", "outbox.rendered", *ALLOWED, "outbox.marked")
"""While claiming, after the claim, rendered, sent, while marking, after the mark."""
SENDERS = 2
STOCK = 60
"""So many mails wait before each kill."""
MOST_HITS = 15
LOOK_S = 0.02
STALLED_S = 300.0


class Stalled(Exception):
    """Nothing moves any more."""


@dataclass(frozen=True, slots=True)
class Figures:
    """``doubled`` mails bear the Message-ID of their first copy; all else has to be zero."""

    kills: int
    mails: int
    lost: int
    doubled: int
    most_doubled: int
    """So often a sender was killed where a mail may be doubled."""
    other_names: int
    """Keys that arrived under more than one Message-ID."""
    out_of_order: int
    """Readers who read a later mail before an earlier one."""

    @property
    def is_well(self) -> bool:
        return not (self.lost or self.other_names or self.out_of_order) and self.doubled <= self.most_doubled


@dataclass(slots=True)
class Drill:
    """What one drill goes on: a store with an open campaign, its readers, and where things lie."""

    store: Store
    campaign_id: str
    readers: Sequence[str]
    folder: Path
    now: datetime
    written: int = 0

    @property
    def url(self) -> str:
        return self.store.engine.url.render_as_string(hide_password=False)

    def fill(self, number: int) -> None:
        with self.store.writing() as session:
            for n in range(self.written, self.written + number):
                outbox.post(
                    session,
                    key=f"kills:{n:06d}",
                    campaign_id=self.campaign_id,
                    template="carrier_parked",
                    person_id=self.readers[n % len(self.readers)],
                    facts={"subject": f"第{n}项", "reason": "演练"},
                    at=self.now,
                )
        self.written += number

    def pending(self) -> int:
        with self.store.reading() as session:
            return outbox.count_pending(session, now=self.now)

    def start(self, mail_server: str) -> subprocess.Popen[bytes]:
        module = [sys.executable, "-m", "rehearsal.stress.mail_sender"]
        told = [self.url, str(self.store.home), mail_server, self.now.isoformat()]
        return subprocess.Popen([*module, *told], stdout=subprocess.DEVNULL)


def kill_senders(drill: Drill, *, kills: int, seed: int, say: Callable[[str], object]) -> Figures:
    """Each point of ``POINTS`` in turn, at a hit drawn from ``seed``; then all that waits is sent."""
    drawn, postbox = random.Random(seed), Postbox(drill.folder / "mails")
    mail_server = postbox.start()
    with senders(drill, mail_server) as running:
        for n in range(kills):
            drill.fill(max(STOCK - drill.pending(), 0))
            arm(drill.store.home, POINTS[n % len(POINTS)], after=drawn.randint(1, MOST_HITS))
            await_kill(drill, running)
            replace_dead(drill, running, mail_server)
            if (n + 1) % 20 == 0:
                say(f"{n + 1} kills, {drill.written} mails ...")
        patiently(lambda: drill.pending() == 0)
    postbox.stop()
    points = [POINTS[n % len(POINTS)] for n in range(kills)]
    most = sum(point in ALLOWED for point in points)
    return judged(read_mails(drill.folder / "mails"), drill.written, kills=kills, most_doubled=most)


@contextmanager
def senders(drill: Drill, mail_server: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    running = [drill.start(mail_server) for _ in range(SENDERS)]
    try:
        yield running
    finally:
        for process in running:
            process.kill()
            process.wait()


def await_kill(drill: Drill, running: Sequence[subprocess.Popen[bytes]]) -> None:
    """Until the armed point has killed its sender; where all mails are gone before, there are more."""

    def is_over() -> bool:
        if drill.pending() == 0:
            drill.fill(STOCK)
        return any(process.poll() is not None for process in running)

    patiently(is_over)


def replace_dead(drill: Drill, running: list[subprocess.Popen[bytes]], mail_server: str) -> None:
    for place, process in enumerate(running):
        if process.poll() is not None:
            running[place] = drill.start(mail_server)


def patiently(is_over: Callable[[], bool]) -> None:
    since = time.monotonic()
    while not is_over():
        if time.monotonic() - since > STALLED_S:
            raise Stalled("the senders do not get on")
        time.sleep(LOOK_S)


def judged(mails: Sequence[Mail], written: int, *, kills: int, most_doubled: int) -> Figures:
    arrived = Counter(mail.key for mail in mails)
    names = {
        key: {mail.message_id for mail in mails if mail.key == key} for key in arrived if arrived[key] > 1
    }
    first = list({mail.key: mail for mail in mails}.values())
    order: dict[str, list[str]] = {}
    for mail in first:
        order.setdefault(mail.to, []).append(mail.key)
    return Figures(
        kills=kills,
        mails=written,
        lost=written - len(arrived),
        doubled=sum(number - 1 for number in arrived.values()),
        most_doubled=most_doubled,
        other_names=sum(len(one) > 1 for one in names.values()),
        out_of_order=sum(keys != sorted(keys) for keys in order.values()),
    )
