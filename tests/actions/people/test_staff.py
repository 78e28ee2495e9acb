"""People alive and audited: imported, deputised, stood down; never a duty without somebody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from actions.people import staff
from actions.people.changes import Change, changes
from actions.people.person import declare_conflict, save_person
from actions.people.proposals import confirm
from actions.people.staff import import_people
from actions.review.codes import mint_code
from records.copies.dump import lines_of, rows_of
from records.duties.duties import duties_held, open_duties
from records.duties.handovers import REASSIGNED
from records.store import Store
from records.tables.duties import HandoverRow
from records.tables.messages import OutboxRow
from records.tables.people import PersonRow, SessionRow, TokenRow
from records.tables.review import CodeRow, GateRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign, Person
from rules.people.proposals import OPERATOR
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, local

COORDINATOR, SECOND = "coordinator-1", "coordinator-2"
NEW = Person("reviewer-9", "韩知远", "reviewer-9@example.invalid", ("reviewer",), deputy="reviewer-4")


def person(store: Store, person_id: str) -> PersonRow:
    with store.reading() as session:
        return session.get_one(PersonRow, person_id)


def acts(store: Store) -> list[str]:
    with store.reading() as session:
        noted = [row for row in rows_of(session, AuditRow) if row.subject.startswith("person:")]
    return [row.act for row in sorted(noted, key=lambda row: row.seq)]


def import_by_two(store: Store, wanted: list[Person], *, now: datetime) -> list[Change] | Refused | None:
    """One coordinator proposes, another confirms; of auditors whoever holds the machine."""
    second = OPERATOR if any("auditor" in one.roles for one in wanted) else SECOND
    done = import_people(store, wanted, by=COORDINATOR, now=now)
    waiting = {one.proposal for one in done if one.proposal} if isinstance(done, list) else set()
    refused = [confirm(store, proposal_id=one, by=second, now=now) for one in waiting]
    return next(filter(None, refused), done)


def code(outcome: object) -> str:
    assert isinstance(outcome, Refused), outcome
    return outcome.code


def test_import_adds_and_changes_and_audits_each_person(opened: Store, campaign: Campaign) -> None:
    known = next(one for one in campaign.people if one.id == "reviewer-4")
    wanted = [replace(known, email="new@example.invalid"), NEW]
    now = local(campaign, 10, 21)

    done = import_by_two(opened, wanted, now=now)

    assert isinstance(done, list)
    assert [str(change) for change in done] == [
        "变更 reviewer-4 蒋雨桐：邮箱 reviewer-4@example.invalid→new@example.invalid",
        "新增 reviewer-9 韩知远：姓名 无→韩知远，邮箱 无→reviewer-9@example.invalid，角色 无→reviewer，"
        "代理人 无→reviewer-4",
    ]
    assert person(opened, "reviewer-4").email == "new@example.invalid"
    assert acts(opened) == ["import_person", "import_person"]
    assert import_people(opened, wanted, by=COORDINATOR, now=now) == []


def test_difference_of_people_as_they_are_is_empty(opened: Store, campaign: Campaign) -> None:
    with opened.reading() as session:
        assert changes(session, campaign.people) == []
        assert changes(session, [NEW])[0] == Change(
            NEW,
            True,
            {
                "name": ("", "韩知远"),
                "email": ("", "reviewer-9@example.invalid"),
                "roles": ("", "reviewer"),
                "deputy": ("", "reviewer-4"),
            },
        )


def test_form_changes_what_was_typed_and_leaves_what_others_changed_since(
    opened: Store, campaign: Campaign
) -> None:
    seen = next(one for one in campaign.people if one.id == "clerk-331181103")
    now = local(campaign, 10, 21)
    declare_conflict(opened, person_id=seen.id, towns=["331181100"], why="籍贯", now=now)

    done = save_person(opened, replace(seen, name="叶晓锋"), seen=seen, is_new=False, by=COORDINATOR, now=now)

    row = person(opened, seen.id)
    assert isinstance(done, list)
    assert (row.name, row.conflicts) == ("叶晓锋", ["331181100"])


def test_form_that_changes_what_another_has_changed_since_is_told_what(
    opened: Store, campaign: Campaign
) -> None:
    seen = next(one for one in campaign.people if one.id == "clerk-331181103")
    now = local(campaign, 10, 21)
    first, second = (
        save_person(opened, replace(seen, email=email), seen=seen, is_new=False, by=by, now=now)
        for by, email in ((COORDINATOR, "a@example.invalid"), (SECOND, "b@example.invalid"))
    )

    assert isinstance(first, list)
    assert code(second) == "changed_meanwhile"
    assert f"邮箱 {seen.email}→a@example.invalid" in second.reason
    assert person(opened, seen.id).email == "a@example.invalid"


def test_only_a_coordinator_changes_people(opened: Store, campaign: Campaign) -> None:
    now = local(campaign, 10, 21)

    refused = [
        import_people(opened, [NEW], by="reviewer-1", now=now),
        staff.set_deputy(opened, person_id="reviewer-1", deputy="reviewer-4", by="leader-1", now=now),
        staff.deactivate(opened, person_id="reviewer-1", by="nobody", now=now),
        staff.activate(opened, person_id="reviewer-1", by="nobody", now=now),
        staff.set_conflict(
            opened, person_id="reviewer-1", town_code="331181103", stands=True, by="", now=now
        ),
    ]

    assert [code(one) for one in refused] == ["not_coordinator"] * 5
    assert acts(opened) == []


def test_first_people_may_be_brought_by_whoever_holds_the_machine(store: Store, campaign: Campaign) -> None:
    done = import_people(store, campaign.people, by="operator", now=local(campaign, 10, 1))

    assert isinstance(done, list)
    assert len(done) == len(campaign.people)


def test_stood_down_reviewer_hands_the_open_gate_to_the_deputy(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    """reviewer-2 was asked, reviewer-3 stands in."""
    refused = staff.deactivate(
        submitting, person_id="reviewer-2", by=COORDINATOR, now=local(campaign, 11, 17)
    )

    with submitting.reading() as session:
        [duty] = open_duties(session, CAMPAIGN_ID, kind="gate")
        handed = lines_of(session, HandoverRow, ["from_person", "to_person", "cause", "by"])
        told = [row.person_id for row in rows_of(session, OutboxRow) if ":handed_over:" in row.key]
    assert refused is None
    assert duty.person_id == "reviewer-3"
    assert handed == [["reviewer-2", "reviewer-3", REASSIGNED, COORDINATOR]]
    assert told == ["reviewer-3"]
    assert person(submitting, "reviewer-2").active is False


def test_reviewer_whose_deputies_may_not_act_stays_and_the_duty_is_named(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    now = local(campaign, 11, 17)
    staff.set_deputy(submitting, person_id="reviewer-2", deputy="", by=COORDINATOR, now=now)

    refused = staff.deactivate(submitting, person_id="reviewer-2", by=COORDINATOR, now=now)

    assert isinstance(refused, Refused)
    assert (refused.code, "八都镇第一村材料初审" in refused.reason) == ("open_duties", True)
    assert person(submitting, "reviewer-2").active is True
    assert acts(submitting) == ["set_deputy"]


def test_clerk_who_leaves_hands_every_duty_to_the_deputy_head(submitting: Store, campaign: Campaign) -> None:
    now = local(campaign, 10, 26)
    clerk = Person(
        "clerk-331181100-b",
        "甘棠",
        "b@example.invalid",
        ("town_clerk",),
        "331181100",
        deputy="head-331181100",
    )
    import_people(submitting, [clerk], by=COORDINATOR, now=now)

    refused = staff.deactivate(submitting, person_id="clerk-331181100", by=COORDINATOR, now=now)

    with submitting.reading() as session:
        held = [duty.kind for duty in duties_held(session, "head-331181100")]
    assert (refused, held) == (None, ["dossier", "dossier", "paper"])


def test_last_clerk_of_a_town_is_not_stood_down(submitting: Store, campaign: Campaign) -> None:
    refused = staff.deactivate(
        submitting, person_id="clerk-331181100", by=COORDINATOR, now=local(campaign, 10, 26)
    )

    assert isinstance(refused, Refused)
    assert (refused.code, "八都镇(331181100)须有乡镇(街道)经办人" in refused.reason) == ("vacant", True)
    assert person(submitting, "clerk-331181100").active is True


def test_new_conflict_takes_the_towns_gate_away(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    refused = staff.set_conflict(
        submitting, person_id="reviewer-2", town_code=at_desk.town_code, stands=True, by=COORDINATOR,
        now=local(campaign, 11, 17),
    )  # fmt: skip

    with submitting.reading() as session:
        [duty] = open_duties(session, CAMPAIGN_ID, kind="gate")
    assert (refused, duty.person_id) == (None, "reviewer-3")
    assert "331181100" in person(submitting, "reviewer-2").conflicts


def test_lifted_conflict_is_gone(opened: Store, campaign: Campaign) -> None:
    refused = staff.set_conflict(
        opened, person_id="reviewer-1", town_code="331181100", stands=False, by=COORDINATOR,
        now=local(campaign, 10, 21),
    )  # fmt: skip

    assert (refused, person(opened, "reviewer-1").conflicts) == (None, [])


def test_reviewer_who_loses_the_role_loses_the_gate(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    row = next(one for one in campaign.people if one.id == "reviewer-2")

    done = import_by_two(submitting, [replace(row, roles=("auditor",))], now=local(campaign, 11, 17))

    with submitting.reading() as session:
        [duty] = open_duties(session, CAMPAIGN_ID, kind="gate")
    assert isinstance(done, list)
    assert duty.person_id == "reviewer-3"


@pytest.mark.parametrize("deputy", ["reviewer-1", "nobody"])
def test_deputy_must_be_somebody_else_who_is_there(opened: Store, campaign: Campaign, deputy: str) -> None:
    refused = staff.set_deputy(
        opened, person_id="reviewer-1", deputy=deputy, by=COORDINATOR, now=local(campaign, 10, 21)
    )

    assert code(refused) == "no_such_deputy"


def test_deputy_must_have_a_role_of_the_deputised(opened: Store, campaign: Campaign) -> None:
    now = local(campaign, 10, 21)

    named = staff.set_deputy(opened, person_id="leader-1", deputy="coordinator-1", by=COORDINATOR, now=now)
    imported = import_by_two(opened, [replace(NEW, deputy="leader-1")], now=now)

    assert [code(named), code(imported)] == ["unfit_deputy"] * 2
    assert (person(opened, "leader-1").deputy, acts(opened)) == ("leader-2", [])


def test_reviewer_who_was_handed_a_gate_and_loses_the_role_loses_the_gate(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    staff.deactivate(submitting, person_id="reviewer-2", by=COORDINATOR, now=local(campaign, 11, 17))
    row = next(one for one in campaign.people if one.id == "reviewer-3")

    import_by_two(submitting, [replace(row, roles=("auditor",))], now=local(campaign, 11, 18))

    with submitting.reading() as session:
        [duty] = open_duties(session, CAMPAIGN_ID, kind="gate")
        told = sorted(one.person_id for one in rows_of(session, OutboxRow) if one.template == "duty_passed")
    assert (duty.person_id, told) == ("reviewer-4", ["reviewer-2", "reviewer-3"])


@pytest.mark.parametrize(
    ("roles", "left"),
    [(("town_clerk", "coordinator"), 0), (("town_clerk", "deputy_head"), 1), (("town_clerk",), 1)],
)
def test_role_that_asks_for_a_code_ends_sessions_and_tokens(
    opened: Store, campaign: Campaign, roles: tuple[str, ...], left: int
) -> None:
    row = next(one for one in campaign.people if one.id == "clerk-331181100")
    enter(opened, row.id)

    import_by_two(opened, [replace(row, roles=roles)], now=local(campaign, 10, 21))

    assert open_doors(opened) == (left, left)


def test_new_address_of_a_decider_ends_what_is_open_and_is_told_to_the_old_one_and_the_auditor(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    row = next(one for one in campaign.people if one.id == "reviewer-2")
    enter(submitting, row.id)
    with submitting.writing() as session:
        mint_code(session, submitting.vault, at_desk, person_id=row.id, host_now=at_desk.opened_at)

    moved = replace(row, email="elsewhere@example.invalid")
    import_by_two(submitting, [moved], now=local(campaign, 11, 17))

    with submitting.reading() as session:
        told = [
            (one.person_id, one.facts.get("to_address", ""), one.facts["changed_by"])
            for one in sorted(rows_of(session, OutboxRow), key=lambda row: row.id)
            if one.template == "account_changed"
        ]
        codes = list(rows_of(session, CodeRow))
    assert told == [
        ("reviewer-2", "reviewer-2@example.invalid", "俞景和"),
        ("reviewer-2", "", "俞景和"),
        ("auditor-1", "", "俞景和"),
    ]
    assert (codes, open_doors(submitting)) == ([], (0, 0))


def test_nobody_changes_their_own_roles(opened: Store, campaign: Campaign) -> None:
    row = next(one for one in campaign.people if one.id == COORDINATOR)

    refused = import_people(
        opened,
        [replace(row, roles=("coordinator", "bureau_leader"))],
        by=COORDINATOR,
        now=local(campaign, 10, 21),
    )

    assert (code(refused), person(opened, COORDINATOR).roles) == ("own_roles", ["coordinator"])


def test_person_stood_down_is_logged_out_and_their_tokens_stay_dead(
    opened: Store, campaign: Campaign
) -> None:
    now = local(campaign, 10, 21)
    enter(opened, "reviewer-4")

    staff.deactivate(opened, person_id="reviewer-4", by=COORDINATOR, now=now)
    staff.activate(opened, person_id="reviewer-4", by=COORDINATOR, now=now)
    confirm(opened, proposal_id=1, by=SECOND, now=now)

    assert open_doors(opened) == (0, 0)


def enter(store: Store, person_id: str) -> None:
    """Leave a session and a token of somebody."""
    begun, ends = datetime(2026, 10, 19, tzinfo=UTC), datetime(2026, 10, 20, tzinfo=UTC)
    with store.writing() as session:
        session.add(
            SessionRow(
                token_hash="s", person_id=person_id, begun_at=begun, seen_at=begun, ends_at=ends,
                second_factor=True,
            )
        )  # fmt: skip
        session.add(
            TokenRow(
                person_id=person_id, token_hash="t", name="程序", scopes=[], made_by=person_id,
                made_at=begun, expires_at=ends, second_factor=True,
            )
        )  # fmt: skip


def open_doors(store: Store) -> tuple[int, int]:
    """How many sessions and how many tokens still open something."""
    with store.reading() as session:
        alive = [row for row in rows_of(session, TokenRow) if row.revoked_at is None]
        return len(list(rows_of(session, SessionRow))), len(alive)


def test_person_stood_down_may_come_back(opened: Store, campaign: Campaign) -> None:
    now = local(campaign, 10, 21)
    clerk = Person("clerk-9", "甘棠", "b@example.invalid", ("town_clerk",), "331181100")
    import_people(opened, [clerk], by=COORDINATOR, now=now)
    assert staff.deactivate(opened, person_id=clerk.id, by=COORDINATOR, now=now) is None

    again = staff.deactivate(opened, person_id=clerk.id, by=COORDINATOR, now=now)
    back = staff.activate(opened, person_id=clerk.id, by=COORDINATOR, now=now)

    assert (code(again), back, person(opened, clerk.id).active) == ("no_account", None, True)
    assert acts(opened) == ["import_person", "deactivate", "activate"]


def test_unknown_person_and_town_are_named(opened: Store, campaign: Campaign) -> None:
    now = local(campaign, 10, 21)

    refused = [
        staff.activate(opened, person_id="nobody", by=COORDINATOR, now=now),
        staff.set_conflict(
            opened, person_id="reviewer-1", town_code="1", stands=True, by=COORDINATOR, now=now
        ),
    ]

    assert [code(one) for one in refused] == ["no_account", "no_such_town"]
