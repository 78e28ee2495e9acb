"""Control signs and texts without end wherever something comes in: a sentence on both databases, nothing is done."""

from __future__ import annotations

import pytest

from portal.app import ROUTES
from portal.web.security import TYPED
from records.tables.people import PersonRow
from rules.campaign.campaign import Campaign
from rules.signs import LONGEST_TEXT
from tests.actions.conftest import CAMPAIGN_ID
from tests.conftest import rows_of
from tests.portal.conftest import CLERK, PASSWORD, Portal
from tests.portal.test_walk import OWN, Paths, filled, paths

__all__ = ["paths"]

NUL = "\0"


def test_control_sign_in_a_log_in_name_is_refused(portal: Portal) -> None:
    browser = portal.visitor()
    browser.look("/login")

    answer = browser.fill_in("/login", {"name": f"clerk{NUL}", "password": PASSWORD})

    assert (answer.status_code, "提交的内容不完整或格式不对" in answer.text) == (400, True)


@pytest.mark.parametrize(
    "path", ["/people/a%00b", f"/campaigns/{CAMPAIGN_ID}%00/people", "/people/a%1bb", "/messages?page=%00"]
)
def test_control_sign_in_a_path_or_query_is_refused(portal: Portal, path: str) -> None:
    assert portal.as_("coordinator-1").get(path).status_code in (400, 404)


def test_control_sign_in_a_reason_is_refused_and_nothing_is_done(portal: Portal, campaign: Campaign) -> None:
    browser = portal.as_(CLERK)
    browser.look("/account")

    answer = browser.fill_in("/account/conflicts", {"town": campaign.towns[1].code, "why": f"籍贯{NUL}"})

    [clerk] = [row for row in rows_of(portal.store, PersonRow) if row.id == CLERK]
    assert (answer.status_code, clerk.conflicts) == (400, [])


def test_control_sign_in_the_json_of_a_program_is_refused(portal: Portal) -> None:
    program = portal.program("reviewer-1")
    body = '{"attempt": 1, "seen_hash": "x", "answer": "pass", "code": "\\u0000", "reason": ""}'

    answers = [
        program.post(
            f"/api/v1/gates/1{extra}/decisions", content=body, headers={"Content-Type": "application/json"}
        )
        for extra in ("", "%00")
    ]

    assert all(answer.status_code in (400, 404) for answer in answers)


def test_text_that_nobody_would_read_is_refused_at_every_form_and_nothing_is_kept(
    portal: Portal, paths: Paths
) -> None:
    browser, taken, told = portal.as_("coordinator-1"), [], 0
    browser.look("/account")
    endless = "甲" * (LONGEST_TEXT + 1)

    for route in (one for one in ROUTES if one.method == "POST" and one.body != TYPED):
        answer = browser.fill_in(filled(route, paths[OWN]), {"reason": endless})
        if answer.status_code == 400 and f"超过{LONGEST_TEXT}字" in answer.text:
            told += 1
        else:
            taken.append((route.path, answer.status_code))

    assert taken == []
    assert told > 50
