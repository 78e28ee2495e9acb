"""Where a village stands, over all that can come together: no word on a clerk's page contradicts another."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product

import pytest

from portal.dossiers.town import CHECKING, STEPS, WITHDRAWN, TownView, VillageLine
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from rules.campaign import states
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, HandIn
from tests.portal.conftest import CLERK, Portal

DUE = datetime(2020, 11, 15, tzinfo=UTC)
VILLAGE_STATES = [name for kind, name in states.TITLES if kind == "village"]
UPLOAD_STATES = (None, "received", "accepted", "returned", "superseded", "withdrawn")
FINGERPRINT = re.compile(r"\b[0-9a-f]{12,}\b")


def lines() -> list[VillageLine]:
    return [
        VillageLine(
            VillageRow(state=state),
            DutyRow(kind=kind, due_at=DUE, state="open") if kind else None,
            UploadRow(state=upload) if upload else None,
            errors=3,
            late=late and kind is not None,
        )
        for state, kind, upload, late in product(
            VILLAGE_STATES, (None, "dossier", "correction"), UPLOAD_STATES, (False, True)
        )
    ]


def contradictions(line: VillageLine) -> list[str]:
    checking = line.upload is not None and line.upload.state == "received"
    told = {
        "checking beside another state": checking is not (line.standing == CHECKING),
        "checking beside another step": checking is not (line.next_step == STEPS["checking"]),
        "late or due while it is being checked": checking
        and (line.due_at is not None or line.tone == "late"),
        "due without a duty": line.duty is None and line.due_at is not None,
        "due without a step": line.due_at is not None and not line.next_step,
        "a step to take without a day": bool(line.next_step) and not checking and line.due_at is None,
        "late without a day": line.tone == "late" and line.due_at is None,
        "withdrawn beside another step": line.standing == WITHDRAWN
        and line.next_step != STEPS["hand_in_again"],
        "done well and still owed": line.tone == "good" and line.due_at is not None,
    }
    return [name for name, broken in told.items() if broken]


def test_no_word_about_a_village_contradicts_another() -> None:
    wrong = {
        (
            line.village.state,
            line.duty.kind if line.duty else "",
            line.upload.state if line.upload else "",
        ): found
        for line in lines()
        if (found := contradictions(line))
    }

    assert wrong == {}


@pytest.mark.parametrize("line", lines()[::7])
def test_town_owes_as_many_things_as_have_a_day(line: VillageLine) -> None:
    view = TownView(lines=(line,), survey=None, paper=None)

    assert (view.owed, view.next_due) == ((1, DUE) if line.due_at else (0, None))


def test_clerk_reads_no_fingerprint_and_whom_to_call(
    portal: Portal, hand_in: HandIn, campaign: Campaign, at: Callable[[int, int], None]
) -> None:
    at(11, 2)
    hand_in()
    clerk = portal.as_(CLERK)
    village = campaign.villages[0]

    for path in (f"towns/{village.town_code}", f"villages/{village.code}"):
        page = clerk.look(f"/campaigns/{CAMPAIGN_ID}/{path}")
        shown = re.sub(r"<[^>]+>", " ", page)
        assert FINGERPRINT.findall(shown) == []
        assert "就业科 0578-0000000" in page
    assert "就业科 0578-0000000" in clerk.look("/no-such-page", status=404)
    assert "就业科 0578-0000000" in portal.visitor().look("/login")
