"""One history: so many acts by chance, and after each of them everything that must hold."""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from actions.duties.assignment import NobodyToAsk
from actions.upkeep import troubles
from records import audit
from rehearsal.model import ends, holds, run_acts
from rehearsal.model.acts import DRAWN, Act
from rehearsal.model.choices import Choices
from rehearsal.model.holds import Moment, Point
from rehearsal.model.rows import Rows
from rehearsal.model.starts import Start, begin
from rehearsal.model.world import Idle, World
from rules.refusals import Refused

LENGTH = 30
OF_AN_ACT = 8
"""Bytes that decide one act."""
BYTES = 1 + LENGTH * OF_AN_ACT
ENDS_OF_SENTENCES = "。？！"
BY_ITSELF = ("wake_one", "wake_all", "tick")
OF_THE_TICK = ("tick_late",)
"""What the doctor says where time has passed and nobody looked at the calendar since."""
COUNTED = ("throttle", "approval_code")
"""Tables in which a refused try may be counted."""
NOTED = {"wrong_code": ("audit", "audit_head", "audit_seal")}
"""Refusals that are noted, and where."""

POINTS: Sequence[Point] = (
    holds.nothing_recorded_is_lost,
    holds.uploads_stay,
    holds.one_dossier_counts,
    holds.acknowledged_decisions_count,
    holds.no_message_twice,
    holds.silence_never_approves,
    holds.deciders_may,
    holds.doers_may,
    holds.decided_as_seen,
    holds.two_change_accounts,
    holds.recognised_on_what_counts,
    ends.ended_with_what_it_was_owed_to,
    ends.no_gate_is_left_open,
    ends.gates_close_at_quorum,
    ends.paid_once_and_no_more,
    ends.paid_as_decided,
    ends.papers_go_out_approved,
    ends.log_is_whole,
)


class Broken(Exception):
    """Something did not hold; the text is the whole story, act by act."""

    def __init__(self, world: World, what: str) -> None:
        acts = [f"{number:3d}. {line}" for number, line in enumerate(world.story, 1)]
        super().__init__("\n".join(["", *acts, f"     BROKEN: {what}"]))
        self.what = what


@dataclass
class Tally:
    """What came of the acts: by name how often they were done or refused, and the refusals by code."""

    histories: int = 0
    done: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    stuck: int = 0
    """Runs that found nobody to ask, and said so."""

    def add(self, other: Tally) -> None:
        self.histories += other.histories
        self.done += other.done
        self.refused += other.refused
        self.codes += other.codes
        self.stuck += other.stuck


def play(drawn: bytes, tally: Tally, *, begin_at: Sequence[Start], points: Sequence[Point] = POINTS) -> None:
    """Play the history that these bytes tell. Raises ``Broken`` where something does not hold."""
    start = begin_at[drawn[0] % len(begin_at)]
    world = begin(start)
    world.tell(f"it is {world.now:%Y-%m-%d %H:%M}: {start.name}{', with many seats' * start.many_seats}")
    for place in range(1, len(drawn), OF_AN_ACT):
        step(world, drawn[place : place + OF_AN_ACT], tally, points)
    if drawn[0] // len(begin_at) % 3 == 0:
        conclude(world, tally, points)
    tally.histories += 1


def step(world: World, drawn: bytes, tally: Tally, points: Sequence[Point]) -> None:
    """One act, or the next one for which there is an occasion."""
    wanted, place = DRAWN[drawn[0] % len(DRAWN)], drawn[-1] % len(DRAWN)
    if wanted is DRAWN[0]:
        return
    for act in dict.fromkeys((wanted, *DRAWN[place:], *DRAWN[1:place])):
        if _is_done(world, act, drawn[1:], tally, points):
            return


def _is_done(world: World, act: Act, drawn: bytes, tally: Tally, points: Sequence[Point]) -> bool:
    kept, changes, before, told = world.store.keep(), world.store.changes, world.rows, len(world.story)
    outcome = _outcome(world, act, drawn, tally)
    if outcome is Idle.IDLE:
        del world.story[told:]
        return False
    if isinstance(outcome, Refused):
        world.story[-1] += f" -> refused ({outcome.code})"
        tally.refused[act.name] += 1
        tally.codes[outcome.code] += 1
        _refused_in_words(world, outcome)
        if world.store.changes != changes:
            _changed_nothing(world, outcome, kept)
    else:
        tally.done[act.name] += 1
    if world.store.changes != changes:
        world.look()
        hold(world, before, points)
    return True


def _outcome(world: World, act: Act, drawn: bytes, tally: Tally) -> object:
    try:
        return act.do(world, Choices(drawn))
    except NobodyToAsk as nobody:
        if act.name not in BY_ITSELF:
            raise Broken(world, _instead_of_a_sentence(nobody)) from nobody
        tally.stuck += 1
        return None
    except Exception as error:
        raise Broken(world, _instead_of_a_sentence(error)) from error


def _instead_of_a_sentence(error: Exception) -> str:
    where = traceback.extract_tb(error.__traceback__)[-1]
    return f"an exception instead of a sentence: {error!r} ({where.filename}:{where.lineno})"


def _refused_in_words(world: World, refused: Refused) -> None:
    if len(refused.reason) < 8 or refused.reason[-1] not in ENDS_OF_SENTENCES or "None" in refused.reason:
        raise Broken(world, f"{refused.code} is no sentence: {refused.reason}")


def _changed_nothing(world: World, refused: Refused, kept: bytes) -> None:
    now = world.store.keep()
    if now == kept:
        return
    after = world.store.everything()
    world.store.put_back(kept)
    before = world.store.everything()
    world.store.put_back(now)
    allowed = (*COUNTED, *NOTED.get(refused.code, ()))
    changed = sorted(name for name in after if after[name] != before[name] and name not in allowed)
    if changed:
        raise Broken(world, f"refused ({refused.code}), and yet {', '.join(changed)} changed")


def hold(world: World, before: Rows, points: Iterable[Point]) -> None:
    """Every point, of the act that was done last."""
    moment = Moment(world.campaign, before, world.rows, frozenset(world.acknowledged))
    for point in points:
        for what in point(moment):
            raise Broken(world, f"{point.__name__}: {what}")


# --- the end -------------------------------------------------------------------------------------


def conclude(world: World, tally: Tally, points: Sequence[Point]) -> None:
    """When all has come to rest everything still holds, and the doctor has nothing to say."""
    before = world.rows
    world.tell("all comes to rest")
    try:
        run_acts.settle(world)
    except NobodyToAsk:
        tally.stuck += 1
        return
    except Exception as error:
        raise Broken(world, _instead_of_a_sentence(error)) from error
    world.look()
    hold(world, before, points)
    _nothing_is_wrong(world)


def _nothing_is_wrong(world: World) -> None:
    store, now = world.store, world.now
    for trouble in (*troubles.carrier_troubles(store, now=now), *troubles.duty_troubles(store, now=now)):
        if trouble.code not in OF_THE_TICK:
            raise Broken(world, f"the doctor says {trouble.code}: {trouble.what} ({trouble.where})")
    with store.reading() as session:
        broken = audit.verify(session).broken
    if broken:
        raise Broken(world, f"the audit log breaks at {broken.seq}: {broken.problem}")
