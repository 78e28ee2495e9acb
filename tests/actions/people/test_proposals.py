"""Addresses, roles and telephones of deciders: one proposes, another confirms, or nothing changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from actions.campaign import lifecycle
from actions.people import account_help, proposals, staff
from actions.people.proposals import confirm, decline, let_run_out
from actions.people.staff import import_people
from config.calendar import read_calendar
from config.campaign_folder import campaign_folder
from records.copies.dump import rows_of
from records.store import Store
from records.tables.messages import OutboxRow
from records.tables.people import CredentialRow, PersonRow, ProposalRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign, Person
from rules.people.proposals import OPERATOR
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, local

ONE, OTHER, LEADER = "coordinator-1", "coordinator-2", "leader-1"
NEW = Person("reviewer-9", "韩知远", "reviewer-9@example.invalid", ("reviewer",), deputy="reviewer-4")
ELSEWHERE = "elsewhere@example.invalid"


def known(campaign: Campaign, person_id: str, **changed: object) -> Person:
    person = next(one for one in campaign.people if one.id == person_id)
    return replace(person, **changed)  # type: ignore[arg-type]


def row_of(store: Store, person_id: str) -> PersonRow | None:
    with store.reading() as session:
        return session.get(PersonRow, person_id)


def all_of(store: Store) -> list[ProposalRow]:
    with store.reading() as session:
        return sorted(rows_of(session, ProposalRow), key=lambda row: row.id)


def told(store: Store, template: str) -> list[str]:
    with store.reading() as session:
        rows = [row for row in rows_of(session, OutboxRow) if row.template == template]
    return [row.person_id for row in sorted(rows, key=lambda row: row.id)]


def code(outcome: object) -> str:
    assert isinstance(outcome, Refused), outcome
    return outcome.code


@pytest.fixture
def moved(opened: Store, campaign: Campaign) -> int:
    """The number of a proposal: the leader's address is to lead elsewhere."""
    wanted = known(campaign, LEADER, email=ELSEWHERE)
    done = import_people(opened, [wanted], by=ONE, now=local(campaign, 10, 21))
    assert isinstance(done, list)
    assert done[0].proposal is not None
    return done[0].proposal


@pytest.mark.parametrize("changed", [{"email": ELSEWHERE}, {"roles": ("bureau_leader", "auditor")}])
def test_one_coordinator_alone_changes_no_address_and_no_role_of_a_decider(
    opened: Store, campaign: Campaign, changed: dict[str, object]
) -> None:
    before = known(campaign, LEADER)

    import_people(opened, [known(campaign, LEADER, **changed)], by=ONE, now=local(campaign, 10, 21))

    row = row_of(opened, LEADER)
    assert row is not None
    assert (row.email, tuple(row.roles)) == (before.email, before.roles)


def test_one_coordinator_alone_makes_nobody_who_decides(opened: Store, campaign: Campaign) -> None:
    import_people(opened, [NEW], by=ONE, now=local(campaign, 10, 21))

    assert row_of(opened, NEW.id) is None


def test_clerk_is_changed_at_once_while_a_decider_of_the_same_list_waits(
    opened: Store, campaign: Campaign
) -> None:
    wanted = [known(campaign, "clerk-331181100", email=ELSEWHERE), NEW]

    done = import_people(opened, wanted, by=ONE, now=local(campaign, 10, 21))

    assert isinstance(done, list)
    assert [(one.person.id, one.proposal) for one in done] == [("clerk-331181100", None), (NEW.id, 1)]
    clerk = row_of(opened, "clerk-331181100")
    assert clerk is not None
    assert clerk.email == ELSEWHERE


def test_proposal_is_told_to_who_can_confirm_to_the_present_address_and_to_the_auditors(
    opened: Store, moved: int
) -> None:
    assert told(opened, "proposal_opened") == [OTHER, "leader-2"]
    assert told(opened, "proposal_announced") == [LEADER, "auditor-1"]


def test_second_person_confirms_and_it_is_done_noted_and_told(
    opened: Store, campaign: Campaign, moved: int
) -> None:
    refused = confirm(opened, proposal_id=moved, by=OTHER, now=local(campaign, 10, 22))

    row, [proposal] = row_of(opened, LEADER), all_of(opened)
    assert row is not None
    assert (refused, row.email, proposal.state, proposal.decided_by) == (
        None,
        ELSEWHERE,
        "confirmed",
        OTHER,
    )
    assert told(opened, "account_changed") == [LEADER, LEADER, "auditor-1"]
    with opened.reading() as session:
        acts = [(one.act, one.actor) for one in sorted(rows_of(session, AuditRow), key=lambda one: one.seq)]
    assert acts[-3:] == [("propose_change", ONE), ("import_person", OTHER), ("confirmed_change", OTHER)]


@pytest.mark.parametrize(
    ("by", "refused"),
    [
        (ONE, "same_person"),
        (LEADER, "own_account"),
        ("reviewer-1", "not_entitled"),
        ("auditor-1", "not_entitled"),
        ("nobody", "not_entitled"),
        ("leader-2", ""),
        (OPERATOR, ""),
    ],
)
def test_second_person_is_a_coordinator_a_leader_or_the_operator_and_not_concerned(
    opened: Store, campaign: Campaign, moved: int, by: str, refused: str
) -> None:
    done = confirm(opened, proposal_id=moved, by=by, now=local(campaign, 10, 22))

    assert (done.code if done else "") == refused
    assert all_of(opened)[0].state == ("open" if refused else "confirmed")


def test_declined_proposal_changes_nothing_and_says_why(
    opened: Store, campaign: Campaign, moved: int
) -> None:
    now = local(campaign, 10, 22)
    bare = decline(opened, proposal_id=moved, by=OTHER, reason=" ", now=now)

    refused = decline(opened, proposal_id=moved, by=OTHER, reason="本人说没有换邮箱", now=now)

    row = row_of(opened, LEADER)
    assert row is not None
    assert (code(bare), refused, row.email) == ("no_reason", None, "leader-1@example.invalid")
    assert told(opened, "proposal_ended") == [ONE, LEADER, "auditor-1"]
    assert code(confirm(opened, proposal_id=moved, by=OTHER, now=now)) == "proposal_over"


def test_proposer_takes_it_back(opened: Store, campaign: Campaign, moved: int) -> None:
    refused = decline(opened, proposal_id=moved, by=ONE, reason="填错了", now=local(campaign, 10, 22))

    assert (refused, all_of(opened)[0].state) == (None, "declined")


def test_proposer_who_was_stood_down_takes_nothing_back(
    opened: Store, campaign: Campaign, moved: int
) -> None:
    with opened.writing() as session:
        session.get_one(PersonRow, ONE).active = False

    refused = decline(opened, proposal_id=moved, by=ONE, reason="填错了", now=local(campaign, 10, 22))

    assert (code(refused) != "", all_of(opened)[0].state) == (True, "open")


def test_proposal_that_nobody_confirms_runs_out(opened: Store, campaign: Campaign, moved: int) -> None:
    late = local(campaign, 10, 21) + timedelta(days=7)

    before = let_run_out(opened, now=late - timedelta(seconds=1))
    refused = confirm(opened, proposal_id=moved, by=OTHER, now=late)
    after = let_run_out(opened, now=late)

    assert (before, code(refused), after) == (0, "proposal_over", 1)
    assert (all_of(opened)[0].state, told(opened, "proposal_ended")) == (
        "expired",
        [ONE, LEADER, "auditor-1"],
    )


def test_second_proposal_about_the_same_person_waits_for_the_first(
    opened: Store, campaign: Campaign, moved: int
) -> None:
    wanted = known(campaign, LEADER, email="third@example.invalid")

    again = import_people(opened, [wanted], by=OTHER, now=local(campaign, 10, 22))

    assert (code(again), len(all_of(opened))) == ("proposal_waits", 1)
    assert isinstance(again, Refused)
    assert (again.reason.count("\n"), again.reason[-1]) == (0, "。")


def test_proposal_is_stale_once_what_it_changes_has_changed(opened: Store, campaign: Campaign) -> None:
    now = local(campaign, 10, 21)
    wanted = known(campaign, LEADER, email=ELSEWHERE, deputy="")
    import_people(opened, [wanted], by=ONE, now=now)
    with opened.writing() as session:
        session.get_one(PersonRow, LEADER).deputy = "leader-3"

    refused = confirm(opened, proposal_id=1, by=OTHER, now=now)

    row = row_of(opened, LEADER)
    assert row is not None
    assert (code(refused), row.email) == ("stale_proposal", "leader-1@example.invalid")


def test_two_new_deciders_who_deputise_each_other_come_together(opened: Store, campaign: Campaign) -> None:
    now = local(campaign, 10, 21)
    pair = [replace(NEW, deputy="reviewer-8"), replace(NEW, id="reviewer-8", email=ELSEWHERE, deputy=NEW.id)]
    import_people(opened, pair, by=ONE, now=now)

    refused = confirm(opened, proposal_id=1, by=OTHER, now=now)

    assert (refused, [bool(row_of(opened, one.id)) for one in pair]) == (None, [True, True])


def test_what_would_leave_a_post_to_nobody_is_refused_when_it_is_confirmed(
    opened: Store, campaign: Campaign
) -> None:
    now = local(campaign, 10, 21)
    import_people(opened, [known(campaign, "auditor-1", roles=("reviewer",))], by=ONE, now=now)

    refused = confirm(opened, proposal_id=1, by=OPERATOR, now=now)

    row = row_of(opened, "auditor-1")
    assert row is not None
    assert (code(refused), row.roles, all_of(opened)[0].state) == ("vacant", ["auditor"], "open")


def test_decider_who_was_stood_down_comes_back_by_two(opened: Store, campaign: Campaign) -> None:
    now = local(campaign, 10, 21)
    staff.deactivate(opened, person_id="reviewer-4", by=ONE, now=now)

    number = staff.activate(opened, person_id="reviewer-4", by=ONE, now=now)
    waiting = row_of(opened, "reviewer-4")
    confirmed = confirm(opened, proposal_id=1, by=OTHER, now=now)

    back = row_of(opened, "reviewer-4")
    assert waiting is not None
    assert back is not None
    assert (number, waiting.active, confirmed, back.active) == (1, False, None, True)


def test_lost_telephone_is_forgotten_by_two(opened: Store, campaign: Campaign) -> None:
    now = local(campaign, 10, 21)
    with opened.writing() as session:
        session.add(
            CredentialRow(
                person_id=LEADER, password_hash="x", set_at=now, totp_sealed=b"s", totp_confirmed=True
            )
        )

    number = account_help.forget_device(opened, person_id=LEADER, by=ONE, now=now)
    kept = secret_of(opened)
    alone = confirm(opened, proposal_id=1, by=ONE, now=now)
    refused = confirm(opened, proposal_id=1, by=OTHER, now=now)

    assert (number, kept, code(alone), refused, secret_of(opened)) == (1, b"s", "same_person", None, None)


def secret_of(store: Store) -> bytes | None:
    with store.reading() as session:
        return session.get_one(CredentialRow, LEADER).totp_sealed


def test_campaign_folder_brings_nobody_new_to_decide_whom_nobody_confirmed(
    opened: Store, campaign: Campaign
) -> None:
    now = local(campaign, 10, 21)
    after = replace(campaign, id="longquan-again", people=(*campaign.people, NEW), ledger=())
    calendar = read_calendar(campaign_folder(CAMPAIGN_ID), (2020, 2021))

    alone = lifecycle.open_campaign(opened, campaign=after, calendar=calendar, by=OPERATOR, now=now)
    proposed = staff.propose_newcomers(opened, after.people, by=OPERATOR, now=now)
    same = confirm(opened, proposal_id=1, by=OPERATOR, now=now)
    confirmed = confirm(opened, proposal_id=1, by=ONE, now=now)
    done = lifecycle.open_campaign(opened, campaign=after, calendar=calendar, by=OPERATOR, now=now)

    assert isinstance(proposed, list)
    assert [code(alone), code(same), confirmed, done] == [
        "unconfirmed_people", "same_person", None, "longquan-again",
    ]  # fmt: skip
    assert staff.propose_newcomers(opened, after.people, by=OPERATOR, now=now) == []


def test_unknown_proposal_is_named(opened: Store, campaign: Campaign) -> None:
    now = local(campaign, 10, 21)

    assert code(proposals.confirm(opened, proposal_id=9, by=ONE, now=now)) == "no_such_proposal"
    assert code(decline(opened, proposal_id=9, by=ONE, reason="x", now=now)) == "no_such_proposal"


# --- auditors: a power of its own -----------------------------------------------------------------


@pytest.mark.parametrize(
    "changed",
    [{"email": ELSEWHERE}, {"roles": ("reviewer",)}],
)
def test_auditor_is_changed_by_nobody_of_the_business(
    opened: Store, campaign: Campaign, changed: dict[str, object]
) -> None:
    now = local(campaign, 10, 21)
    import_people(opened, [known(campaign, "auditor-1", **changed)], by=ONE, now=now)

    refused = [confirm(opened, proposal_id=1, by=one, now=now) for one in (OTHER, LEADER)]

    row = row_of(opened, "auditor-1")
    assert row is not None
    assert ([code(one) for one in refused], row.roles, row.email) == (
        ["auditor_needed", "auditor_needed"],
        ["auditor"],
        "auditor-1@example.invalid",
    )


def test_auditor_comes_with_another_auditors_word(opened: Store, campaign: Campaign) -> None:
    now = local(campaign, 10, 21)
    fresh = Person("auditor-2", "新审计", "auditor-2@example.invalid", ("auditor",))
    import_people(opened, [fresh], by=ONE, now=now)

    assert code(confirm(opened, proposal_id=1, by=OTHER, now=now)) == "auditor_needed"
    assert confirm(opened, proposal_id=1, by="auditor-1", now=now) is None
    assert row_of(opened, "auditor-2") is not None


def test_auditor_confirms_nothing_of_the_business(opened: Store, campaign: Campaign) -> None:
    now = local(campaign, 10, 21)
    import_people(opened, [NEW], by=ONE, now=now)

    assert code(confirm(opened, proposal_id=1, by="auditor-1", now=now)) == "not_entitled"


def test_auditor_stands_down_only_when_the_operator_or_another_auditor_agrees(
    opened: Store, campaign: Campaign
) -> None:
    now = local(campaign, 10, 21)
    fresh = Person("auditor-2", "新审计", "auditor-2@example.invalid", ("auditor",))
    import_people(opened, [fresh], by=ONE, now=now)
    confirm(opened, proposal_id=1, by=OPERATOR, now=now)

    made = staff.deactivate(opened, person_id="auditor-1", by=ONE, now=now)
    before = row_of(opened, "auditor-1")
    refused = confirm(opened, proposal_id=2, by=OTHER, now=now)
    agreed = confirm(opened, proposal_id=2, by=OPERATOR, now=now)
    after = row_of(opened, "auditor-1")

    assert before is not None
    assert after is not None
    assert (made, before.active, code(refused), agreed, after.active) == (
        2,
        True,
        "auditor_needed",
        None,
        False,
    )


def test_auditor_has_no_other_role(opened: Store, campaign: Campaign) -> None:
    now = local(campaign, 10, 21)

    done = import_people(
        opened, [known(campaign, LEADER, roles=("bureau_leader", "auditor"))], by=ONE, now=now
    )

    assert code(done) == "auditor_apart"
