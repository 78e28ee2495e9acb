"""Several like cases decided at once: each one a decision of its own, on the content that stood on the list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from starlette.responses import Response

from actions.review import decisions
from portal.web.path_objects import need
from portal.web.rendering import UNPROCESSABLE, go, show
from portal.web.request import Asked
from portal.web.routes import Route
from records.review.assignments import assigned_to_gate, duties_held_by
from records.review.gates import gates_numbered
from records.review.scores import sheets_beside
from records.store import Session
from records.tables.dossiers import UploadRow
from records.tables.review import GateRow, ScoreRow
from rules.campaign.campaign import Campaign, GatePlan, Village
from rules.entries import read_row_number
from rules.people.rights import Place, may
from rules.refusals import Refused
from rules.review.gates import acceptable
from rules.review.likeness import MOST_AT_ONCE, TITLES, TOGETHER, Likeness, apart, likeness

NOTHING_MARKED = Refused("nothing_marked", "请先勾选要一并决定的社区(村)。")


@dataclass(frozen=True, slots=True)
class LikeCase:
    """One case of the list, and what it comes to."""

    gate: GateRow
    village: Village
    town: str
    due_at: datetime
    sheets: dict[str, ScoreRow]
    apart: int
    """On how many indicators the parties differ."""
    likeness: Likeness

    @property
    def name(self) -> str:
        return f"{self.town}{self.village.name}"

    @property
    def mark(self) -> str:
        """What its box brings: the case, and exactly what was seen of it."""
        return f"{self.gate.id}:{self.gate.attempt}:{self.gate.content_hash}"


@dataclass(frozen=True, slots=True)
class Marked:
    """A case that was marked; ``name`` is of the village, whatever has become of its case."""

    gate: GateRow
    attempt: int
    seen_hash: str
    name: str

    @property
    def mark(self) -> str:
        return f"{self.gate.id}:{self.attempt}:{self.seen_hash}"


def like_cases(session: Session, campaign: Campaign, person_id: str) -> list[LikeCase]:
    """The cases that wait for this person and may be decided several at once, the first due first."""
    owed = {
        duty.facts["gate_id"]: duty.due_at
        for duty in reversed(duties_held_by(session, campaign.id, person_id))
        if duty.kind == "gate"
    }
    gates = [one for one in gates_numbered(session, list(owed)) if one.name in TOGETHER]
    cases = [_like_case(session, campaign, gate, due_at=owed[gate.id]) for gate in gates]
    return sorted(cases, key=lambda one: (one.due_at, one.village.code))


def _like_case(session: Session, campaign: Campaign, gate: GateRow, *, due_at: datetime) -> LikeCase:
    village = campaign.village(gate.village_code)
    sheets = sheets_beside(session, session.get_one(UploadRow, gate.upload_id))
    points = [{key: line[0] for key, line in sheet.lines.items()} for sheet in sheets.values()]
    final = sheets["final"]
    return LikeCase(
        gate=gate,
        village=village,
        town=campaign.town(village.town_code).name,
        due_at=due_at,
        sheets=sheets,
        apart=len(apart(points)),
        likeness=likeness(
            Fraction(final.total), pass_line=campaign.scheme.pass_line, vetoes=final.vetoes, points=points
        ),
    )


def in_groups(cases: Sequence[LikeCase]) -> dict[Likeness, list[LikeCase]]:
    groups = {kind: [one for one in cases if one.likeness is kind][:MOST_AT_ONCE] for kind in Likeness}
    return {kind: found for kind, found in groups.items() if found}


def show_list(asked: Asked) -> Response:
    return _list_page(asked)


def _list_page(
    asked: Asked,
    refused: Refused | None = None,
    *,
    held: Sequence[Marked] = (),
    refusals: Sequence[tuple[Marked, Refused]] = (),
) -> Response:
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        facts = {
            "refused": refused,
            "groups": in_groups(like_cases(session, campaign, asked.person.id)),
            "titles": TITLES,
            "marked": set(asked.fields("case")),
            "all_of": asked.request.query_params.get("all", ""),
            "answer": asked.field("answer"),
            "reason": asked.field("reason"),
            "held": held,
            "refusals": refusals,
            "zone": campaign.zone,
        }
    failed = refused or refusals
    return show(asked, "review/together.html", facts, status=UNPROCESSABLE if failed else 200)


def ask_back(asked: Asked) -> Response:
    """One question that names all, before anything is decided."""
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        marked = list(_marked(session, campaign, asked))
    if not marked:
        return _list_page(asked, NOTHING_MARKED)
    plan = campaign.gate(marked[0].gate.name)
    refused = _unsaid(plan, asked)
    if refused:
        return _list_page(asked, refused)
    facts = {
        "marked": marked,
        "plan": plan,
        "answer": asked.field("answer"),
        "reason": asked.field("reason"),
    }
    return show(asked, "review/together_sure.html", facts)


def _unsaid(plan: GatePlan, asked: Asked) -> Refused | None:
    """An answer that is none, or one without the reason that it needs."""
    return acceptable(
        plan, answer=asked.field("answer"), reason=asked.field("reason"), seen_hash="", content_hash=""
    )


def _marked(session: Session, campaign: Campaign, asked: Asked) -> Iterator[Marked]:
    """The cases whose boxes were ticked; none that is not this person's to decide."""
    for mark in list(dict.fromkeys(asked.fields("case")))[:MOST_AT_ONCE]:
        number, _, seen = mark.partition(":")
        attempt, _, seen_hash = seen.partition(":")
        gate = session.get(GateRow, read_row_number(number))
        if gate is not None and gate.campaign_id == campaign.id and _is_theirs(session, gate, asked):
            village = campaign.village(gate.village_code)
            name = f"{campaign.town(village.town_code).name}{village.name}"
            yield Marked(gate, read_row_number(attempt), seen_hash, name)


def _is_theirs(session: Session, gate: GateRow, asked: Asked) -> bool:
    place = Place(gate.town_code, assigned_to_gate(session, gate))
    return gate.name in TOGETHER and may("gate.decide", asked.rule_person, place)


def decide_all(asked: Asked) -> Response:
    """Each by the one act of deciding; what it refuses is said by name, and the rest holds."""
    campaign = need(asked.found.campaign)
    with asked.store.reading() as session:
        marked = list(_marked(session, campaign, asked))
    if not marked:
        return _list_page(asked, NOTHING_MARKED)
    done = [(one, _decide(asked, one)) for one in marked]
    refusals = [(one, said) for one, said in done if isinstance(said, Refused)]
    if not refusals:
        return go(f"/campaigns/{campaign.id}/cases", said="decided_together")
    return _list_page(
        asked, held=[one for one, said in done if not isinstance(said, Refused)], refusals=refusals
    )


def _decide(asked: Asked, marked: Marked) -> object:
    return decisions.decide(
        asked.store,
        gate_id=marked.gate.id,
        attempt=marked.attempt,
        by=asked.person.id,
        answer=asked.field("answer"),
        reason=asked.field("reason"),
        seen_hash=marked.seen_hash,
        door="portal",
        now=asked.now,
    )


ADDRESS = "/campaigns/{campaign_id}/cases"

ROUTES = (
    Route("GET", ADDRESS, "cases.decide", show_list),
    Route("POST", ADDRESS, "cases.decide", ask_back),
    Route("POST", f"{ADDRESS}/decisions", "cases.decide", decide_all),
)
