"""What must hold after every act (design, What must always hold): each point as one function over plain rows.

A point looks at what was there before the act and what is there after it, and yields a sentence for each place
where it does not hold.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rehearsal.model.rows import Decision, Gate, Link, Rows, Score
from rules.campaign.campaign import Campaign
from rules.duties.holding import Post
from rules.people.acts import MACHINE, Matter, acts_noted_as, may_do

CODE = re.compile(r"\d{9,12}")
"""Of a town or a village."""
SITTING = ("reviewer", "bureau_leader", "finance", "coordinator")
OF_THE_REFUSED = frozenset({"approval_code_refused"})
"""What is noted of whoever was refused, whose name may not even be known."""
SAME_UPLOAD = ("village_code", "version", "sha256", "filed_by", "received_at", "late")


@dataclass(frozen=True, slots=True)
class Moment:
    """Before and after one act of a campaign."""

    campaign: Campaign
    before: Rows
    after: Rows
    acknowledged: frozenset[int]


Point = Callable[[Moment], Iterator[str]]


def nothing_recorded_is_lost(moment: Moment) -> Iterator[str]:
    """1. What only grows has grown: every row is as it was written."""
    for table, lines in moment.before.kept.items():
        now = moment.after.kept[table]
        if now[: len(lines)] != lines and not set(lines) <= set(now):
            yield f"a row of {table} was changed or is gone"


def uploads_stay(moment: Moment) -> Iterator[str]:
    """1. An upload is never changed, only superseded or withdrawn."""
    there = {one.id: one for one in moment.after.uploads}
    for one in moment.before.uploads:
        now = there.get(one.id)
        if now is None or any(getattr(now, name) != getattr(one, name) for name in SAME_UPLOAD):
            yield f"upload {one.village_code}/{one.version} was changed or is gone"


def one_dossier_counts(moment: Moment) -> Iterator[str]:
    """1. Of a village's versions one counts at most, and one at most waits for its checks."""
    counted = Counter((one.village_code, one.state) for one in moment.after.uploads)
    for (code, state), number in counted.items():
        if number > 1 and state in ("accepted", "received"):
            yield f"{number} versions of {code} are {state}"


def acknowledged_decisions_count(moment: Moment) -> Iterator[str]:
    """1. What somebody was told is recorded is a row for ever, and counts or is said not to."""
    known = {one.id for one in moment.after.decisions}
    yield from (f"decision {one} is gone" for one in moment.acknowledged - known)
    for decision in moment.after.decisions:
        gate = moment.after.gate[decision.gate_id]
        if gate.state == "superseded" and not _was_told(moment, decision, gate):
            yield f"{decision.person_id} was not told that their {gate.name} #{gate.attempt} counts no more"


def _was_told(moment: Moment, decision: Decision, gate: Gate) -> bool:
    about = f"{gate.id}:{decision.person_id}"
    keys = (
        f"{moment.campaign.id}:{template}:{about}" for template in ("decision_overtaken", "gate_reopened")
    )
    return not moment.after.said.isdisjoint(keys)


def no_message_twice(moment: Moment) -> Iterator[str]:
    """2. A key is one message; what was sent stays sent, and what is written can be rendered."""
    keys = Counter(one.key for one in moment.after.messages)
    yield from (f"{key} is {number} messages" for key, number in keys.items() if number > 1)
    now = {one.id: one for one in moment.after.messages}
    for one in moment.before.messages:
        if one.id not in now or (one.state == "sent" and now[one.id].state != "sent"):
            yield f"the message {one.key} is gone, or to be sent once more"
    for one in moment.after.messages:
        if one.state == "failed" and not one.answer.startswith("451"):
            yield f"the message {one.key} cannot be rendered: {one.answer}"


def silence_never_approves(moment: Moment) -> Iterator[str]:
    """3. A bureau's duty never lapses; a gate closes by answers alone."""
    for duty in moment.after.duties:
        if duty.state == "lapsed" and duty.lock_at is None:
            yield f"{duty.key} has lapsed"
    given = {one.gate_id for one in moment.after.decisions}
    for gate in moment.after.gates:
        if gate.state == "closed" and gate.id not in given:
            yield f"{gate.name} #{gate.attempt} of {gate.subject} closed without an answer"


def deciders_may(moment: Moment) -> Iterator[str]:
    """4. Nobody decides on what they filed, on their own town, in two seats, or without the seat's role."""
    for decision in moment.after.decisions[len(moment.before.decisions) :]:
        gate, person = moment.after.gate[decision.gate_id], moment.before.person[decision.person_id]
        role = {seat.name: seat.role for seat in moment.campaign.gate(gate.name).seats}[decision.seat]
        filed_by = {one.id: one.filed_by for one in moment.after.uploads}.get(gate.upload_id or 0)
        before = moment.before.gate.get(gate.id)
        wrong = {
            "does not have the role": not person.may(role),
            "is stood down": not person.active,
            "has a conflict there": person.avoids(gate.town_code),
            "filed it": filed_by == person.id,
            "sits there already": _sat(moment.before, gate, person.id),
            "judges their own judgement": gate.name == "second_review" and _judged(moment, gate, person.id),
            "decides on a gate that is not open": before is None or before.state != "open",
        }
        yield from (f"{person.id} {why} ({gate.name})" for why, holds in wrong.items() if holds)


def doers_may(moment: Moment) -> Iterator[str]:
    """4. Whatever somebody did, the table of acts lets them do; what follows from it is noted in their name too."""
    new = [one for one in moment.after.links[len(moment.before.links) :] if one.act not in OF_THE_REFUSED]
    for actor in dict.fromkeys(one.actor for one in new):
        mine = [one for one in new if one.actor == actor]
        if actor not in MACHINE and not any(_is_entitled(moment, one) for one in mine):
            yield f"{actor} may not {', '.join(one.act for one in mine)}"


def _is_entitled(moment: Moment, link: Link) -> bool:
    row = moment.before.person.get(link.actor)
    person = row.as_rule() if row is not None and row.active else None
    matter = _matter(moment, link)
    return any(may_do(act, person, link.actor, matter) for act in acts_noted_as(link.act))


def _matter(moment: Moment, link: Link) -> Matter:
    """As far as the log tells; seats are held apart by ``deciders_may``."""
    kind, _, name = link.subject.partition(":")
    town = _town_of(moment, link.subject)
    proposal = next((one for one in moment.after.proposals if link.subject == f"proposal:{one.id}"), None)
    owner = name if kind == "person" else proposal.proposed_by if proposal else link.actor
    return Matter(town, frozenset({link.actor}), owner, post=Post(SITTING, town))


def _town_of(moment: Moment, subject: str) -> str:
    """Of a village, a town, or a duty that is named by one of them."""
    codes = CODE.findall(subject)
    return next((one.town_code for one in moment.after.villages if {one.code, one.town_code} & {*codes}), "")


def _sat(rows: Rows, gate: Gate, person_id: str) -> bool:
    return any((one.gate_id, one.person_id) == (gate.id, person_id) for one in rows.decisions)


def _judged(moment: Moment, gate: Gate, person_id: str) -> bool:
    desk = [
        one.id
        for one in moment.before.gates
        if (one.name, one.subject, one.upload_id) == ("desk_review", gate.subject, gate.upload_id)
    ]
    return any(
        one.gate_id in desk and person_id in (one.person_id, one.recorded_by)
        for one in moment.before.decisions
    )


def decided_as_seen(moment: Moment) -> Iterator[str]:
    """5. A decision names the content of its gate, and that was what counted when it was made."""
    for decision in moment.after.decisions[len(moment.before.decisions) :]:
        gate = moment.after.gate[decision.gate_id]
        if decision.seen_hash != gate.content_hash or decision.attempt != gate.attempt:
            yield f"{decision.person_id} decided {gate.name} #{gate.attempt} on other content"
        newest = moment.before.accepted.get(gate.village_code)
        if gate.village_code and (newest is None or newest.id != gate.upload_id):
            yield f"{decision.person_id} decided {gate.name} #{gate.attempt} on a dossier that does not count"


def two_change_accounts(moment: Moment) -> Iterator[str]:
    """12. What one proposed about accounts another confirmed, whom it does not concern."""
    for one in moment.after.proposals:
        if one.state == "confirmed" and (
            one.decided_by == one.proposed_by or f'"{one.decided_by}"' in one.concerns
        ):
            yield f"proposal {one.id} about {one.concerns} was confirmed by {one.decided_by}"


def recognised_on_what_counts(moment: Moment) -> Iterator[str]:
    """10. A recognised village: the newest dossier and sheet, every review passed, nobody names a veto."""
    rows = moment.after
    for village in rows.villages:
        if village.state != "recognised":
            continue
        subject, newest = f"{moment.campaign.id}/{village.code}", rows.accepted.get(village.code)
        if newest is None:
            yield f"{village.code} is recognised without a dossier"
            continue
        desk, second = (rows.latest.get((name, subject)) for name in ("desk_review", "second_review"))
        bureau, final = rows.latest.get(("recognition", subject)), rows.newest_sheet(village.code, "final")
        sheet = rows.newest_sheet(village.code, "a", upload_id=newest.id)
        if _answer(desk, newest.id) != "pass" or _answer(bureau, newest.id) != "recognise":
            yield f"{village.code} is recognised, and the reviews of its dossier do not say so"
        if second is not None and second.upload_id == newest.id and second.answer != "pass":
            yield f"{village.code} is recognised before its second review"
        if sheet is not None and json.loads(sheet.vetoes):
            yield f"{village.code} is recognised with a veto"
        if final is None or bureau is None or bureau.content_hash != _fingerprint(newest.sha256, final):
            yield f"{village.code} is recognised on a sheet that does not count"


def _answer(gate: Gate | None, upload_id: int) -> str | None:
    closed = gate is not None and gate.state == "closed" and gate.upload_id == upload_id
    return gate.answer if closed and gate is not None else None


def _fingerprint(sha256: str, final: Score) -> str:
    content = {"upload": sha256, "lines": json.loads(final.lines), "vetoes": json.loads(final.vetoes)}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
