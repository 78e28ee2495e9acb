"""The page on which accounts are reviewed: kept many at once, stood down where nobody uses them."""

from __future__ import annotations

from datetime import timedelta

from records import clock
from records.people import accounts
from records.tables.people import PersonRow
from rules.people.account_review import UNUSED
from tests.actions.conftest import CAMPAIGN_ID
from tests.portal.conftest import Portal

PAGE = f"/campaigns/{CAMPAIGN_ID}/accounts"
OTHERS = ("coordinator-2", "reviewer-1")


def a_year_later(portal: Portal) -> None:
    now = clock.now(portal.store) + UNUSED + timedelta(days=1)
    clock.simulate(portal.store, now)
    with portal.store.writing() as session:
        for person_id in OTHERS[:1]:
            credential = accounts.lock_credential(session, person_id)
            assert credential is not None
            credential.last_at = now


def active(portal: Portal, person_id: str) -> bool:
    with portal.store.reading() as session:
        return session.get_one(PersonRow, person_id).active


def test_accounts_that_are_ticked_are_kept_and_ones_own_cannot_be(portal: Portal) -> None:
    portal.as_("coordinator-2")
    a_year_later(portal)
    coordinator = portal.as_("coordinator-1")

    page = coordinator.look(PAGE)
    done = coordinator.fill_in(f"{PAGE}/kept", {"account": list(OTHERS)})
    own = coordinator.fill_in(f"{PAGE}/kept", {"account": ["coordinator-1"]})

    assert "待清查" in page
    assert 'value="coordinator-1"' not in page
    assert "已确认保留" in done.text
    assert "本人的账号须由另一位" in own.text


def test_account_that_nobody_used_for_a_year_is_stood_down_by_one_press(portal: Portal) -> None:
    portal.as_("coordinator-2")
    a_year_later(portal)
    coordinator = portal.as_("coordinator-1")

    page = coordinator.look(PAGE)
    nobody = coordinator.fill_in(f"{PAGE}/stood-down", {})
    done = coordinator.fill_in(f"{PAGE}/stood-down", {"account": ["auditor-1"]})

    unused = page.partition("长期未用的账号")[2].partition("</form>")[0]
    assert 'value="auditor-1"' in unused
    assert 'value="coordinator-2"' not in unused
    assert "请先勾选" in nobody.text
    assert "另一人确认" in done.text


def test_ones_own_account_is_not_stood_down_and_nobody_else_with_it(portal: Portal) -> None:
    portal.as_("coordinator-2")
    a_year_later(portal)
    coordinator = portal.as_("coordinator-1")
    coordinator.look(PAGE)

    refused = coordinator.fill_in(f"{PAGE}/stood-down", {"account": ["reviewer-1", "coordinator-1"]})

    assert "本人的账号须由另一位" in refused.text
    assert (active(portal, "reviewer-1"), active(portal, "coordinator-1")) == (True, True)


def test_auditor_reads_who_was_reviewed_and_ticks_nobody(portal: Portal) -> None:
    auditor = portal.as_("auditor-1")

    page = auditor.look(PAGE)

    assert "checkbox" not in page
    assert auditor.fill_in(f"{PAGE}/kept", {"account": ["reviewer-1"]}).status_code == 404
    assert active(portal, "reviewer-1")
