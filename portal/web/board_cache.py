"""Boards of large counties, kept for a little while: drawing one takes longer than people want to wait."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from actions.overview.board import Board, board
from records.campaign.counts import acts_so_far
from records.store import Session

DEAR_S = 0.1
"""A board that takes less processor time is always drawn anew."""
SHARE = 0.02
"""Of a processor, at most, for drawing one campaign's board again and again while things change."""
OLDEST = timedelta(minutes=1)
"""Business time by which a board may be behind; it says of when it is."""
MOST_SLEEPERS = 40


@dataclass(frozen=True, slots=True)
class Kept:
    board: Board
    acts: int
    drawn_at: float
    cost_s: float

    def serves(self, *, acts: int, now: datetime) -> bool:
        """Whether somebody who asks now may be shown this one."""
        if self.cost_s < DEAR_S or abs(now - self.board.at) > OLDEST:
            return False
        return self.acts == acts or time.monotonic() - self.drawn_at < self.cost_s / SHARE


@dataclass
class Boards:
    """The last board of each campaign; one thread at a time draws."""

    _kept: dict[str, Kept] = field(default_factory=dict)
    _drawing: threading.Lock = field(default_factory=threading.Lock)

    def board_of(self, session: Session, campaign_id: str, now: datetime) -> Board:
        acts = acts_so_far(session)
        kept = self._kept.get(campaign_id)
        if kept is not None and kept.serves(acts=acts, now=now):
            return kept.board
        if kept is not None and kept.cost_s < DEAR_S:
            return self._draw(session, campaign_id, now, acts)
        with self._drawing:
            # Whoever waited here may find what another one has drawn meanwhile.
            kept = self._kept.get(campaign_id)
            if kept is not None and kept.serves(acts=acts, now=now):
                return kept.board
            return self._draw(session, campaign_id, now, acts)

    def _draw(self, session: Session, campaign_id: str, now: datetime, acts: int) -> Board:
        started = time.thread_time()
        drawn = board(session, campaign_id, now, most_sleepers=MOST_SLEEPERS)
        cost = time.thread_time() - started
        self._kept[campaign_id] = Kept(drawn, acts, time.monotonic(), cost)
        return drawn
