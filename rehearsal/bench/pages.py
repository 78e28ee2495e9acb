"""What pages cost when 50 people use the portal at once: who they are, what they look at, how long they wait.

Each user asks for a page, reads the answer, thinks, and asks for the next one. Pauses are drawn from an
exponential distribution by the seed and brought to a mean of two seconds for each user, so that all of them
finish together: 50 users are about 25 requests a second. Sessions are rows, and several may be one person's.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import cycle, islice
from statistics import median

from actions.people.login import hash_token
from portal.web.request import fresh_token
from records import clock
from records.copies.dump import lines_of
from records.people import people
from records.store import Session, Store
from records.tables.people import SessionRow
from records.tables.review import DecisionRow, GateRow
from rehearsal.bench.crowd import Answer, Guest, Look, browse

OVERSEERS = ("coordinator", "bureau_leader", "auditor")
KINDS = ("board", "inbox", "case")
THINKING_S = 2.0
SHARE_ON_BOARD = 0.4
"""Of the users; all others are reviewers between their inbox and their cases."""
WARM_UP, ROUNDS = 4, 3
OK = 200
SESSION_LASTS = timedelta(hours=2)

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Use:
    """How many users there are, how many pages each asks for after the warm-up, and the seed of it all."""

    users: int = 50
    looks: int = 36
    seed: int = 7
    thinking_s: float = THINKING_S


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds until the whole answer was there: the median of the rounds' percentiles."""

    count: int
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Pages:
    """Times by kind of page and of ``all``, the largest page in bytes, and how many answers were not 200."""

    timings: Mapping[str, Timing]
    largest: int
    not_ok: int


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all values does not exceed."""
    return sorted(values)[max(math.ceil(share * len(values)), 1) - 1]


def measure_pages(store: Store, address: str, *, campaign_id: str, use: Use) -> Pages:
    """All users at once at a portal on this store's database, which answers at ``address``."""
    with store.reading() as session:
        tours = list(_tours(session, campaign_id, use))
    token_of = let_in(store, [person_id for person_id, _ in tours])
    guests = [
        Guest(
            token, tuple(Look(path, pause) for (_, path), pause in zip(tour, _pauses(use, at), strict=True))
        )
        for at, (token, (_, tour)) in enumerate(zip(token_of, tours, strict=True))
    ]
    answers = browse(address, guests)
    return summed_up(
        [([kind for kind, _ in tour], got) for (_, tour), got in zip(tours, answers, strict=True)]
    )


def summed_up(tours: Sequence[tuple[Sequence[str], Sequence[Answer]]]) -> Pages:
    """What all users met: (kinds of pages, answers) of each; the warm-up counts only for being answered."""
    rounds: list[dict[str, list[float]]] = [defaultdict(list) for _ in range(ROUNDS)]
    for kinds, answers in tours:
        counted = list(zip(kinds, answers, strict=True))[WARM_UP:]
        for at, (kind, answer) in enumerate(counted):
            for name in (kind, "all"):
                rounds[at * ROUNDS // len(counted)][name].append(1000 * answer.seconds)
    everything = [answer for _, answers in tours for answer in answers]
    return Pages(
        {name: _timing([one[name] for one in rounds if one[name]]) for name in (*KINDS, "all")},
        max(answer.size for answer in everything),
        sum(answer.status != OK for answer in everything),
    )


def _timing(rounds: Sequence[Sequence[float]]) -> Timing:
    return Timing(
        sum(map(len, rounds)),
        median(percentile(one, 0.5) for one in rounds),
        median(percentile(one, 0.95) for one in rounds),
    )


def let_in(store: Store, person_ids: Sequence[str]) -> list[str]:
    """A session of its own for each, as somebody who has given password and code; the cookies' tokens."""
    now, tokens = clock.host_now(), [fresh_token() for _ in person_ids]
    with store.writing() as session:
        for token, person_id in zip(tokens, person_ids, strict=True):
            session.add(
                SessionRow(
                    token_hash=hash_token(token), person_id=person_id, begun_at=now, seen_at=now,
                    ends_at=now + SESSION_LASTS, second_factor=True,
                )
            )  # fmt: skip
    return tokens


def _tours(session: Session, campaign_id: str, use: Use) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """(person, [(kind, path)]) of every user."""
    length, on_board = WARM_UP + use.looks, round(use.users * SHARE_ON_BOARD)
    board = ("board", f"/campaigns/{campaign_id}/board")
    overseers = [one.id for role in OVERSEERS for one in people.with_role(session, role)]
    for person_id in islice(cycle(overseers), on_board):
        yield person_id, [board] * length
    cases = cases_of(session)
    for number, person_id in enumerate(islice(cycle(sorted(cases)), use.users - on_board)):
        dice = random.Random(f"{use.seed}:cases:{number}")
        inbox = ("inbox", f"/campaigns/{campaign_id}/inbox")
        both = [(inbox, ("case", f"/gates/{dice.choice(cases[person_id])}")) for _ in range(length)]
        yield person_id, [page for pair in both for page in pair][number % 2 :][:length]


def cases_of(session: Session) -> dict[str, list[int]]:
    """Reviewer -> the gates about a village on which they have decided."""
    reviewers = {one.id for one in people.with_role(session, "reviewer")}
    of_villages = {
        gate_id for gate_id, village in lines_of(session, GateRow, ["id", "village_code"]) if village
    }
    found: dict[str, list[int]] = defaultdict(list)
    for gate_id, person_id in sorted(lines_of(session, DecisionRow, ["gate_id", "person_id"])):
        if person_id in reviewers and gate_id in of_villages:
            found[person_id].append(gate_id)
    return found


def _pauses(use: Use, number: int) -> list[float]:
    dice = random.Random(f"{use.seed}:pauses:{number}")
    drawn = [dice.expovariate(1.0) for _ in range(WARM_UP + use.looks)]
    return [use.thinking_s * len(drawn) * one / sum(drawn) for one in drawn]
