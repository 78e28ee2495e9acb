"""Moves simulated time: only when everything is quiet, straight to the next due instant."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from actions.duties.reminders import A_MOMENT
from actions.review.planning import plan
from actions.review.publicity import step
from actions.runs.tick import next_instant
from config.failpoints import reach
from records import clock, outbox
from records.faults import Unwritten
from records.runs import bells, carriers
from records.store import Store
from records.tables.campaign import CampaignRow
from rehearsal.doors.actions import Unanswered
from rehearsal.people.cast import Act, Cast
from rules.refusals import Refused

LOOK_EVERY_S = 0.02
PARKED_AFTER_S = 1.0
STALLED_AFTER_S = 300.0


Done = TypeVar("Done")


class Stuck(Exception):
    """The rehearsal does not get on: the sentence says what still waits."""


class Driver:
    """Plays one campaign to its end, and what comes a year later.

    ``tick`` does what the calendar demands at the current time; ``look`` is called while waiting, and
    starts again what died; ``progress`` hears the business date; nothing due after ``until`` is begun, nor
    anything once ``enough`` says so.
    """

    def __init__(
        self,
        store: Store,
        cast: Cast,
        *,
        campaign_id: str,
        tick: Callable[[], object],
        look: Callable[[], object],
        progress: Callable[[datetime], object],
        until: datetime | None = None,
        enough: Callable[[], bool] = lambda: False,
    ) -> None:
        self.store = store
        self.cast = cast
        self.campaign_id = campaign_id
        self.tick = tick
        self.look = look
        self.progress = progress
        self.until = until
        self.enough = enough

    def play(self) -> bool:
        """Until the campaign is closed and nothing moves or comes any more; False when it was left before."""
        # A rehearsal killed between moving the clock and its tick would fire that moment's rungs too late.
        self._patiently(self.tick)
        self.wait_until_quiet()
        while not self._patiently(self._over):
            if self._patiently(self.enough):
                return False
            self.progress(self._patiently(self._now))
            planned = self._patiently(self.cast.plans)
            if not self._perform(planned) and not self._move_time(planned):
                return False
            self.wait_until_quiet()
        return True

    def _patiently(self, do: Callable[[], Done]) -> Done:
        """A database that is away or has no room for a while is waited for, as everybody does."""
        since = time.monotonic()
        while True:
            try:
                return do()
            except Unwritten as error:
                if time.monotonic() - since > STALLED_AFTER_S:
                    raise Stuck(f"the database does not come back: {error}") from error
                time.sleep(LOOK_EVERY_S)
                self.look()

    def _now(self) -> datetime:
        return clock.now(self.store)

    def _over(self) -> bool:
        with self.store.reading() as session:
            row = session.get_one(CampaignRow, self.campaign_id, populate_existing=True)
            closed = row.closed_at is not None
        return closed and self.cast.is_finished()

    def _perform(self, planned: Sequence[Act]) -> bool:
        """Let people do what they intended to have done by now; False when nobody has to."""
        now = self._patiently(self._now)
        due = [act for act in planned if act.at <= now]
        for act in due:
            self._act(act)
        return bool(due)

    def _act(self, act: Act) -> None:
        try:
            outcome = act.do()
        except (Unanswered, Unwritten):
            return
        if isinstance(outcome, Refused):
            raise Stuck(f"{act.key} was refused ({outcome.code}): {outcome.reason}")

    def _move_time(self, planned: Sequence[Act]) -> bool:
        """Go on to the next instant at which anything is due; False when that lies beyond the end."""
        calendar = self._patiently(self._next_instant)
        moment = min([act.at for act in planned] + ([calendar] if calendar else []), default=None)
        if moment is None:
            raise Stuck("nothing is planned and the calendar demands nothing, but the campaign is not closed")
        if self.until is not None and moment > self.until:
            return False
        self._patiently(lambda: clock.simulate(self.store, moment))
        reach("rehearsal.clock_moved", home=self.store.home)
        if moment == calendar:
            self._patiently(self.tick)
        return True

    def _next_instant(self) -> datetime | None:
        with self.store.reading() as session:
            now = clock.read(session)
            moments = [next_instant(session, self.campaign_id, after=now)]
            if plan.is_due(session, self.campaign_id, now=now):
                moments.append(now + A_MOMENT)
            public = step.next_end(session, self.campaign_id, after=now)
            moments.append(public + A_MOMENT if public else None)
            moments.append(plan.next_morning(session, self.campaign_id, after=now))
            return min((one for one in moments if one is not None), default=None)

    def wait_until_quiet(self) -> None:
        """Until no bell, no running run and no unsent message is left."""
        seen, since = self._patiently(self._restless), time.monotonic()
        while any(seen):
            time.sleep(LOOK_EVERY_S)
            self.look()
            now_seen = self._patiently(self._restless)
            if now_seen != seen:
                seen, since = now_seen, time.monotonic()
            still = time.monotonic() - since
            if still > PARKED_AFTER_S:
                self._patiently(self._refuse_parked)
            if still > STALLED_AFTER_S:
                raise Stuck(self._why_restless())

    def _refuse_parked(self) -> None:
        with self.store.reading() as session:
            parked = carriers.parked(session)
        if parked:
            given_up = "; ".join(f"{row.kind}:{row.subject} ({row.cause})" for row in parked)
            raise Stuck(f"given up after {carriers.MOST_REPLACEMENTS} tries: {given_up}")

    def _restless(self) -> tuple[int, int, int]:
        """Unanswered bells; with none left, the runs that are awake and the messages that are unsent."""
        with self.store.reading() as session:
            unanswered = bells.count_unanswered(session)
            if unanswered:
                return unanswered, 0, 0
            return 0, carriers.count_awake(session), outbox.count_pending(session, now=clock.read(session))

    def _why_restless(self) -> str:
        with self.store.reading() as session:
            calls = [f"bell {call.kind}:{call.subject}" for call in bells.waiting(session)]
            awake = [f"awake {row.kind}:{row.subject} ({row.lease_owner})" for row in carriers.awake(session)]
            unsent = [f"unsent {row.key} ({row.answer})" for row in outbox.unsent(session)]
        return f"nothing moved for {STALLED_AFTER_S:.0f} s: " + "; ".join([*calls, *awake, *unsent][:12])
