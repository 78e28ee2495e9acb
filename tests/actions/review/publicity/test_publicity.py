"""Publicity before a recognition holds: its days, objections by name, upheld and refused, and what they overtake."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from actions.duties import absences, handover
from actions.review import decisions
from actions.review.publicity import step
from actions.review.publicity.objections import answer_objection, object_publicly, objector_of
from config.frozen import freeze
from records.copies.dump import rows_of
from records.review.gates import latest_gate, seat_duties
from records.store import Store
from records.tables.campaign import CampaignRow, VillageRow
from records.tables.duties import DutyRow
from records.tables.people import PersonRow
from records.tables.publicity import PublicityRow, PublicObjectionRow
from records.tables.review import GateRow
from records.tables.upkeep import AuditRow
from rehearsal.model.run_acts import settle
from rehearsal.model.starts import begin, starts
from rehearsal.model.world import World
from rules.duties.absences import Absence
from rules.refusals import Refused

BY_NAME = "张三，电话13000000000"
EVIDENCE = "公示得分所依据的走访记录不实，附照片两张。"


@pytest.fixture
def public() -> World:
    """Every village decided to be recognised, and made public for two working days."""
    world = begin(
        next(one for one in starts() if one.name == "the bureau is asked to recognise" and not one.many_seats)
    )
    world.campaign = replace(world.campaign, publicity_workdays=2)
    with world.store.writing() as session:
        session.get_one(CampaignRow, world.campaign.id).frozen = freeze(world.campaign)
    for duty in world.duties("gate"):
        gate = world.rows.gate[duty.gate_id or 0]
        made = decisions.decide(
            world.store, gate_id=gate.id, attempt=gate.attempt, by=duty.person_id, answer="recognise", reason="",
            seen_hash=gate.content_hash, door="portal", now=world.now,
        )  # fmt: skip
        assert not isinstance(made, Refused)
    settle(world)
    return world


def states(store: Store) -> set[str]:
    with store.reading() as session:
        return {row.state for row in rows_of(session, VillageRow)}


def publicities(store: Store) -> list[PublicityRow]:
    with store.reading() as session:
        return rows_of(session, PublicityRow)


def later(world: World, at: datetime) -> None:
    world.now = at
    step.ring_over(world.store, campaign_id=world.campaign.id, now=at)
    settle(world)


def over(world: World) -> datetime:
    return max(row.closes_at for row in publicities(world.store)) + timedelta(seconds=1)


def objected(world: World, *, by: str = "coordinator-1") -> PublicObjectionRow:
    made = object_publicly(
        world.store,
        campaign_id=world.campaign.id,
        village_code=world.campaign.villages[0].code,
        objector=BY_NAME,
        evidence=EVIDENCE,
        by=by,
        now=world.now,
    )
    assert isinstance(made, PublicObjectionRow), made
    return made


def duty_of(world: World, objection: PublicObjectionRow) -> DutyRow:
    with world.store.reading() as session:
        found = [one for one in rows_of(session, DutyRow) if one.kind == "objection"]
        return next(one for one in found if one.facts["objection_id"] == objection.id)


def answered(
    world: World,
    objection: PublicObjectionRow,
    answer: str,
    *,
    by: str = "",
    words: str = "经实地核实。",
) -> bool | Refused:
    return answer_objection(
        world.store,
        objection_id=objection.id,
        by=by or duty_of(world, objection).person_id,
        answer=answer,
        words=words,
        now=world.now,
    )


def test_village_is_recognised_only_when_its_publicity_is_over(public: World) -> None:
    before = states(public.store)
    later(public, over(public) - timedelta(seconds=2))
    meanwhile = states(public.store)
    later(public, over(public))

    assert (before, meanwhile, states(public.store)) == ({"under_review"}, {"under_review"}, {"recognised"})
    assert {row.outcome for row in publicities(public.store)} == {"stood"}


def test_publicity_lasts_its_working_days(public: World) -> None:
    opened = public.now.astimezone(public.campaign.zone).date()
    days = {row.closes_at for row in publicities(public.store)}

    assert opened == date(2020, 11, 16)
    assert days == {public.campaign.end_of(date(2020, 11, 18))}


def test_objection_holds_the_recognition_up_until_somebody_else_has_answered(public: World) -> None:
    objection = objected(public)
    later(public, over(public))
    held = states(public.store)
    refused = answered(public, objection, "refused", by="coordinator-1")
    done = answered(public, objection, "refused")
    settle(public)

    assert held == {"under_review", "recognised"}
    assert isinstance(refused, Refused)
    assert (refused.code, done) == ("same_eyes", False)
    assert states(public.store) == {"recognised"}
    again = answered(public, objection, "upheld")
    assert isinstance(again, Refused)
    assert again.code == "answered"


def test_objection_that_is_upheld_has_the_bureau_asked_anew_and_overtakes_its_decision(public: World) -> None:
    code = public.campaign.villages[0].code
    done = answered(public, objected(public), "upheld")
    settle(public)
    later(public, over(public))

    with public.store.reading() as session:
        gates = [
            one for one in rows_of(session, GateRow) if one.name == "recognition" and one.village_code == code
        ]
        village = session.get_one(VillageRow, (public.campaign.id, code))
    assert (done, village.state) == (True, "under_review")
    assert [(one.attempt, one.state) for one in gates] == [(1, "closed"), (2, "open")]
    assert sorted(row.outcome for row in publicities(public.store)) == ["stood", "stood", "upheld"]


def test_name_of_who_objects_is_sealed_and_stands_in_no_log(public: World) -> None:
    objection = objected(public)

    with public.store.reading() as session:
        row = session.get_one(PublicObjectionRow, objection.id)
        assert objector_of(session, row) == BY_NAME
        assert "13000000000" not in str([(one.act, one.facts) for one in rows_of(session, AuditRow)])
        assert "13000000000" not in str([one.facts for one in rows_of(session, DutyRow)])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"objector": " "}, "no_objector"),
        ({"evidence": ""}, "no_evidence"),
        ({"by": "reviewer-1"}, "not_coordinator"),
        ({"by": "nobody"}, "not_coordinator"),
        ({"evidence": "证" * 4001}, "no_evidence"),
        ({"by": "coordinator-9"}, "own_town"),
        ({"village_code": ""}, "not_public"),
        ({"village_code": "331181100/1"}, "not_public"),
    ],
)
def test_objection_without_name_or_evidence_or_by_anybody_is_refused(
    public: World, changed: dict[str, str], code: str
) -> None:
    with public.store.writing() as session:
        town = public.campaign.villages[0].town_code
        session.add(
            PersonRow(
                id="coordinator-9", name="测试壬", email="coordinator-9@example.invalid", roles=["coordinator"],
                town_code="", conflicts=[town], deputy="", active=True,
            )
        )  # fmt: skip
    usual = {"objector": BY_NAME, "evidence": EVIDENCE, "by": "coordinator-1"}
    usual["village_code"] = public.campaign.villages[0].code

    made = object_publicly(
        public.store,
        campaign_id=public.campaign.id,
        now=public.now,
        **{**usual, **changed},
    )

    assert isinstance(made, Refused)
    assert made.code == code


def test_objection_after_the_publicity_comes_too_late(public: World) -> None:
    later(public, over(public))
    made = object_publicly(
        public.store,
        campaign_id=public.campaign.id,
        village_code=public.campaign.villages[0].code,
        objector=BY_NAME,
        evidence=EVIDENCE,
        by="coordinator-1",
        now=public.now,
    )

    assert isinstance(made, Refused)
    assert made.code == "not_public"


# --- a second person -----------------------------------------------------------------------------


def without(world: World, *ids: str) -> None:
    with world.store.writing() as session:
        for one in ids:
            session.get_one(PersonRow, one).active = False


@pytest.mark.parametrize("recorder", ["coordinator-1", "coordinator-2"])
def test_objection_where_there_is_no_leader_is_answered_by_another_coordinator(
    public: World, recorder: str
) -> None:
    without(public, "leader-1", "leader-2")

    objection = objected(public, by=recorder)

    assert {duty_of(public, objection).person_id, recorder} == {"coordinator-1", "coordinator-2"}


def test_objection_that_nobody_else_could_answer_is_refused_with_what_to_do(public: World) -> None:
    without(public, "leader-1", "leader-2", "coordinator-2")

    refused = object_publicly(
        public.store, campaign_id=public.campaign.id, village_code=public.campaign.villages[0].code,
        objector=BY_NAME, evidence=EVIDENCE, by="coordinator-1", now=public.now,
    )  # fmt: skip

    assert isinstance(refused, Refused)
    assert (refused.code, "添加人员" in refused.reason) == ("nobody_answers", True)


@pytest.mark.parametrize("door", ["handover", "absence", "deputy"])
def test_objection_never_passes_to_who_recorded_it(public: World, door: str) -> None:
    without(public, "leader-1", "leader-2")
    duty = duty_of(public, objected(public))
    today = public.now.astimezone(public.campaign.zone).date()
    if door == "handover":
        handover.hand_over(
            public.store, duty_id=duty.id, to="coordinator-1", by="coordinator-2", reason="改派。", now=public.now
        )  # fmt: skip
    elif door == "absence":
        away = Absence("coordinator-2", "coordinator-1", today, today)
        absences.record_absence(public.store, away, by="coordinator-2", now=public.now)
    else:
        with public.store.writing() as session:
            handover.escalate(session, public.campaign, session.get_one(DutyRow, duty.id), now=public.now)

    with public.store.reading() as session:
        assert session.get_one(DutyRow, duty.id).person_id == "coordinator-2"


@pytest.mark.parametrize("words", ["", "答" * 4001])
def test_answer_without_words_or_without_end_is_refused(public: World, words: str) -> None:
    refused = answered(public, objected(public), "refused", words=words)

    assert isinstance(refused, Refused)
    assert refused.code == "no_reason"


# --- several of one village ----------------------------------------------------------------------


def recognitions(world: World) -> list[tuple[int, str]]:
    code = world.campaign.villages[0].code
    with world.store.reading() as session:
        found = [one for one in rows_of(session, GateRow) if one.village_code == code]
    return sorted((one.attempt, one.state) for one in found if one.name == "recognition")


def decided(world: World, answer: str) -> None:
    code = world.campaign.villages[0].code
    with world.store.reading() as session:
        gate = latest_gate(session, world.campaign.id, "recognition", f"{world.campaign.id}/{code}")
        assert gate is not None
        [duty] = seat_duties(session, gate).values()
    made = decisions.decide(
        world.store, gate_id=gate.id, attempt=gate.attempt, by=duty.person_id, answer=answer, reason="经复核。",
        seen_hash=gate.content_hash, door="portal", now=world.now,
    )  # fmt: skip
    assert not isinstance(made, Refused)
    settle(world)


@pytest.mark.parametrize(
    ("meanwhile", "anew", "attempts"),
    [
        ("", True, [(1, "closed"), (2, "superseded"), (3, "open")]),
        ("recognise", True, [(1, "closed"), (2, "closed"), (3, "open")]),
        ("refuse", False, [(1, "closed"), (2, "closed")]),
    ],
)
def test_second_objection_that_is_upheld_is_held_against_what_the_bureau_says_by_then(
    public: World, meanwhile: str, anew: bool, attempts: list[tuple[int, str]]
) -> None:
    first, second = objected(public), objected(public)
    answered(public, first, "upheld")
    settle(public)
    if meanwhile:
        decided(public, meanwhile)

    done = answered(public, second, "upheld")

    assert (done, recognitions(public)) == (anew, attempts)


def test_village_whose_second_objection_waits_is_not_recognised(public: World) -> None:
    code = public.campaign.villages[0].code
    first, second = objected(public), objected(public)
    answered(public, first, "upheld")
    settle(public)
    decided(public, "recognise")
    later(public, over(public))
    with public.store.reading() as session:
        held = session.get_one(VillageRow, (public.campaign.id, code)).state

    answered(public, second, "refused")
    settle(public)

    with public.store.reading() as session:
        state = session.get_one(VillageRow, (public.campaign.id, code)).state
    assert (held, state) == ("under_review", "recognised")
