"""Numbers and days that nobody means, in every path and every field of every form: a sentence, never a broken page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from config.places import ROOT
from portal.app import ROUTES
from rules.signs import LONGEST_TEXT
from tests.portal.conftest import CLERK, Portal
from tests.portal.test_walk import LEAVING, OWN, Paths, filled, paths, walker

__all__ = ["paths"]

READ = re.compile(r'\.(?:field|fields|number|day|get|getlist)\(\s*"(\w+)"')
FIELDS = sorted(
    {name for file in (ROOT / "portal").rglob("*.py") for name in READ.findall(file.read_text("utf-8"))}
    - {"form_token"}
)
"""Every field that a handler asks a form or an address for."""
ABOUT = (
    "fact:B1.3",
    "fact:V1",
    "why:B1.3",
    "why:V1",
    "met:cadres",
    "item:1",
    "item:99999999999999999999",
    "off:x",
)
HOSTILE = ("9" * LONGEST_TEXT, "9" * 19, "0001-01-01")


@pytest.mark.parametrize("role", ["town_clerk", "coordinator", "reviewer"])
def test_value_that_nobody_means_breaks_no_form_and_no_page(portal: Portal, paths: Paths, role: str) -> None:
    person, _ = walker(portal, paths, role)
    browser, broken = portal.as_(person), []
    browser.look("/account")

    for route in ROUTES:
        for value in HOSTILE if route.path not in LEAVING else ():
            path, fields = filled(route, paths[OWN]), dict.fromkeys(FIELDS, value)
            if route.method == "GET":
                answer = browser.get(path, params=dict.fromkeys(FIELDS, value[:200]))
            else:
                answer = browser.fill_in(path, fields | dict.fromkeys(ABOUT, value))
            broken += [(route.method, path, value[:20])] if answer.status_code >= 500 else []

    assert broken == []


NUMBERED = {
    "gate_id",
    "duty_id",
    "upload_id",
    "picture_id",
    "message_id",
    "request_id",
    "absence_id",
    "token_id",
}


def test_number_in_a_path_that_no_row_has_is_not_there(portal: Portal, paths: Paths) -> None:
    browser, there = portal.as_("coordinator-1"), []

    for value in ("9" * 5000, "9" * 19, "١٢", "1e5", "1_0", "0", "-1"):
        names = {name: value if name in NUMBERED else one for name, one in paths[OWN].items()}
        for route in ROUTES:
            if route.method == "GET" and NUMBERED & set(re.findall(r"{(\w+)", route.path)):
                answer = browser.get(filled(route, names))
                there += [] if answer.status_code == 404 else [(route.path, value[:9], answer.status_code)]

    assert there == []


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2026-W01-1"])
def test_day_of_another_century_is_told_and_nothing_is_done(
    portal: Portal, at: Callable[[int, int], None], day: str
) -> None:
    at(11, 2)
    browser = portal.as_(CLERK)
    browser.look("/account")

    answer = browser.fill_in("/account/absences", {"first": "2020-11-03", "last": day, "stand_in": "x"})

    assert (answer.status_code, "日期" in answer.text) == (422, True)
