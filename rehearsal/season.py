"""Every mail of a campaign that is played quickly: when it goes out, to whom, with which subject."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from actions.messages.delivery import Sender, deliver
from notifications.channels import Channel
from notifications.message import Address, Message, Sent
from notifications.wording import day_text
from records import clock, outbox
from records.copies.dump import rows_of
from records.store import Store
from records.tables.messages import OutboxRow
from rehearsal.quick import Happens, nothing, play_quickly, tick_once
from rules.campaign.calendar import Calendar
from rules.campaign.campaign import Campaign

LINK = "http://hqe.example.invalid"


@dataclass(frozen=True, slots=True)
class Told:
    """One mail that went out."""

    at: datetime
    person_id: str
    subject: str


class Letterbox(Channel):
    """Takes every mail and keeps its subject by key."""

    def __init__(self) -> None:
        self.subjects: dict[str, str] = {}

    def send(self, message: Message, *, to: Address, key: str, at: datetime) -> Sent:
        self.subjects[key] = message.subject
        return Sent(f"250 OK for {to.email} of {at.isoformat()}")


@dataclass
class Season:
    """Plays a campaign with a mail server that never fails; on the days of ``leaps`` the clock jumps, once each,
    and ``meanwhile`` happens before people look what to do next.
    """

    campaign: Campaign
    calendar: Calendar
    leaps: Mapping[date, timedelta] = field(default_factory=dict)
    meanwhile: Happens = nothing
    letters: Letterbox = field(default_factory=Letterbox)
    leapt: set[date] = field(default_factory=set)

    def play(self) -> list[Told]:
        """All mails in the order in which they went out."""
        store = play_quickly(self.campaign, self.calendar, post=self._post, meanwhile=self._happen)
        self._post_the_rest(store)
        with store.reading() as session:
            sent = [
                row for row in rows_of(session, OutboxRow) if row.sent_at is not None and row.state == "sent"
            ]
        told = [
            Told(row.sent_at or row.written_at, row.person_id, self.letters.subjects[row.key]) for row in sent
        ]
        return sorted(told, key=lambda one: (one.at, one.person_id))

    def _post(self, store: Store, now: datetime) -> None:
        sender = Sender("season", self.letters, LINK, "example.invalid")
        while deliver(store, sender, now=now, host_now=now):
            pass

    def _post_the_rest(self, store: Store) -> None:
        """What waited for somebody's quiet hours, or for the day's one mail, when the campaign ended."""
        while True:
            with store.reading() as session:
                waiting = [row.not_before for row in outbox.unsent(session)]
            if not waiting:
                return
            now = max(min(waiting), clock.now(store))
            clock.simulate(store, now)
            self._post(store, now)

    def _happen(self, store: Store, now: datetime) -> None:
        self.meanwhile(store, now)
        day = now.astimezone(self.campaign.zone).date()
        if day in self.leaps.keys() - self.leapt:
            self.leapt.add(day)
            clock.simulate(store, now + self.leaps[day])
            # As the machine does within a minute of waking; what it rings is heard before people look.
            tick_once(store, self.campaign.id)


def lines_of(told: list[Told], campaign: Campaign) -> Iterator[str]:
    """The list as a reader looks it over: a day, and below it time, reader and subject."""

    def moment(one: Told) -> datetime:
        return one.at.astimezone(campaign.zone)

    for day, mails in groupby(told, key=lambda one: moment(one).date()):
        yield f"## {day.year}年{day_text(day)}"
        yield from (f"{moment(one):%H:%M} {one.person_id}: {one.subject}" for one in mails)
