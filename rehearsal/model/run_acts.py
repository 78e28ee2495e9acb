"""What happens by itself: runs wake, the tick looks at the calendar, time passes, mail goes out."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from actions.dossiers import acceptance, uploads
from actions.messages.delivery import Sender, deliver_next
from actions.overview.forecast import forecast
from actions.overview.simulation import STEPS, Check, Woken
from actions.people import proposals
from actions.review.planning import plan
from actions.runs import tick as tick_acts
from actions.runs import wake as wake_acts
from notifications.channels import Channel
from notifications.message import Address, Failed, Message, Sent
from records import audit
from records.runs import bells
from records.store import Store
from records.tables.dossiers import UploadRow
from rehearsal.model.choices import Choices
from rehearsal.model.world import Idle, Letter, World

MOST_WAKES = 400
CODE = re.compile("一次性授权码：([0-9A-Z]{10})")


class NeverQuiet(Exception):
    """The runs ring each other without end."""


def wake_one(world: World, pick: Choices) -> object:
    """Any of those that are rung: the ringer promises no order between subjects."""
    rung = world.rows.rung()
    if not rung:
        return Idle.IDLE
    kind, subject = pick.one(rung)
    world.tell(f"the {kind} of {world.title(subject)} wakes")
    _wake(world, kind, subject)
    return None


def wake_all(world: World, _pick: Choices) -> object:
    """Until all is quiet."""
    if not world.rows.rung():
        return Idle.IDLE
    world.tell("every rung run wakes")
    settle(world)
    return None


def settle(world: World) -> None:
    """Wake whatever is rung until nothing is."""
    for _ in range(MOST_WAKES):
        with world.store.reading() as session:
            call = next(iter(bells.waiting(session, limit=1)), None)
        if call is None:
            return
        _wake(world, call.kind, call.subject)
    raise NeverQuiet(f"after {MOST_WAKES} wakes")


def _wake(world: World, kind: str, subject: str) -> None:
    """As a flow does: what it has heard, its steps, and then the sleep or the end."""
    wake = wake_acts.begin_wake(world.store, kind, subject)
    if STEPS[kind](Woken(world.store, subject, world.now, _check(world))):
        wake_acts.record_end(world.store, wake, now=world.now)
    else:
        wake_acts.record_sleep(world.store, wake, now=world.now)


def _check(world: World) -> Check:
    """What the reading process would answer, without one."""

    def check(store: Store, kind: str, subject: str, now: datetime) -> None:
        with store.reading() as session:
            waiting = [
                (one, session.get_one(UploadRow, one).sha256)
                for one in uploads.waiting_uploads(session, kind, subject)
            ]
        for upload_id, sha256 in waiting:
            understood = world.dossiers.understood(sha256)
            acceptance.judge_upload(
                store, upload_id=upload_id, understood=understood, now=now, within=(kind, subject)
            )

    return check


# --- time ----------------------------------------------------------------------------------------

LEAPS = (
    timedelta(hours=1),
    timedelta(days=1),
    timedelta(minutes=5),
    timedelta(days=4),
)


def pass_time(world: World, pick: Choices) -> object:
    """An hour, some days, or until a stage locks."""
    coming = sorted(one.lock_at for one in world.rows.stages if one.state == "open")
    if coming and pick.rarely(25):
        lock = datetime.fromisoformat(f"{coming[0]}+00:00") + timedelta(seconds=1)
        world.now = max(world.now, lock.astimezone(world.campaign.zone))
    else:
        world.now += pick.one(LEAPS)
    world.tell(f"it is {world.now:%Y-%m-%d %H:%M}")
    return None


def tick(world: World, _pick: Choices) -> object:
    world.tell("the tick looks at the calendar")
    tick_acts.follow_calendar(world.store, campaign_id=world.campaign.id, now=world.now)
    plan.keep_visits(world.store, campaign_id=world.campaign.id, now=world.now, plainly=True)
    proposals.let_run_out(world.store, now=world.now)
    return None


def foresee(world: World, pick: Choices) -> object:
    """The coordinator looks at what will be said in the next days if nobody does anything."""
    if not pick.rarely(10):
        return Idle.IDLE
    until = world.now + timedelta(days=1 + pick.number(3))
    world.tell(f"the coordinator looks ahead until {until:%m-%d}")
    with world.store.reading() as session:
        before = audit.length_and_head(session)
    forecast(world.store, campaign_id=world.campaign.id, now=world.now, until=until)
    with world.store.reading() as session:
        assert audit.length_and_head(session) == before
    return None


# --- mail ----------------------------------------------------------------------------------------


class Postbox(Channel):
    """Takes every mail, or refuses them all for a while."""

    def __init__(self, *, refuses: bool) -> None:
        self.refuses = refuses
        self.taken: list[tuple[str, Message]] = []

    def send(self, message: Message, *, to: Address, key: str, at: datetime) -> Sent | Failed:
        if self.refuses:
            return Failed(f"451 {to.email}: try again after {at}", temporary=True)
        self.taken.append((key, message))
        return Sent("250 OK")


def deliver(world: World, pick: Choices) -> object:
    """Some of what waits in the outbox, the oldest first."""
    if not any(one.state == "waiting" for one in world.rows.messages):
        return Idle.IDLE
    refuses = pick.rarely(15)
    world.tell(f"mail goes out{', and is refused' * refuses}")
    send(world, refuses=refuses, most=1 + pick.number(6))
    return None


def send(world: World, *, most: int, refuses: bool = False) -> None:
    """So many messages at most; the codes in them are kept."""
    reader = {one.key: one.person_id for one in world.rows.messages}
    postbox = Postbox(refuses=refuses)
    sender = Sender("model", postbox, "http://127.0.0.1", "example.invalid")
    for _ in range(most):
        if not deliver_next(world.store, sender, now=world.now, host_now=world.now):
            break
    for key, message in postbox.taken:
        _keep_code(world, reader[key], key, message)


def _keep_code(world: World, person_id: str, key: str, message: Message) -> None:
    found = CODE.search(message.body)
    gate = next((one for one in world.duties("gate") if key.startswith(one.key)), None)
    if message.private and found and gate is not None and gate.gate_id is not None:
        world.letters.append(Letter(person_id, gate.gate_id, found[1]))
