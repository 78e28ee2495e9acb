"""A case that passed to somebody else: its old holder reads to whom and when, everybody else nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions.duties import handover
from records.duties.duties import duties_awaited
from records.people.people import names_of
from records.review.assignments import assigned_to_gate
from records.tables.duties import DutyRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import local
from tests.portal.conftest import Portal


@pytest.fixture
def passed(
    portal: Portal, at_desk: GateRow, campaign: Campaign, at: Callable[[int, int], None]
) -> tuple[DutyRow, str]:
    """The duty, and to whom it passed on 17 November."""
    at(11, 17)
    with portal.store.reading() as session:
        (duty,) = duties_awaited(session, at_desk.carrier_kind, at_desk.carrier_subject)
        near = assigned_to_gate(session, at_desk)
    for number in range(1, 7):
        other = f"reviewer-{number}"
        done = (
            None
            if other in near
            else handover.hand_over(
                portal.store,
                duty_id=duty.id,
                to=other,
                reason="出差",
                by="coordinator-1",
                now=local(campaign, 11, 17),
            )
        )
        if other not in near and not isinstance(done, Refused):
            return duty, other
    raise AssertionError("nobody may take it")


def test_old_holder_reads_to_whom_and_when_instead_of_no_such_page(
    portal: Portal, at_desk: GateRow, passed: tuple[DutyRow, str]
) -> None:
    duty, other = passed
    browser = portal.as_(duty.person_id)
    with portal.store.reading() as session:
        name = names_of(session)[other]

    for path in (f"/gates/{at_desk.id}", f"/duties/{duty.id}"):
        page = browser.look(path, status=404)
        assert f"该事项已于11月17日(二) 10:00转交{name}办理" in page
        assert "没有这个页面" not in page


def test_stranger_reads_nothing_of_it(portal: Portal, at_desk: GateRow, passed: tuple[DutyRow, str]) -> None:
    duty, other = passed
    with portal.store.reading() as session:
        near = {*assigned_to_gate(session, at_desk), duty.person_id, other}
    stranger = next(f"reviewer-{n}" for n in range(1, 7) if f"reviewer-{n}" not in near)

    page = portal.as_(stranger).look(f"/gates/{at_desk.id}", status=404)

    assert "没有这个页面" in page
    assert "转交" not in page
