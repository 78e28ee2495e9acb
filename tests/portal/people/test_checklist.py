"""The list of what is not ready, and everybody invited at once."""

from __future__ import annotations

from sqlalchemy import select

from records.tables.messages import OutboxRow
from tests.actions.conftest import CAMPAIGN_ID
from tests.portal.conftest import Portal

CHECKLIST = f"/campaigns/{CAMPAIGN_ID}/checklist"


def invited(portal: Portal) -> set[str]:
    with portal.store.reading() as session:
        wanted = select(OutboxRow.person_id).where(OutboxRow.template == "account_invited")
        return set(session.scalars(wanted))


def test_checklist_names_who_is_not_invited_and_invites_them_all_at_once(portal: Portal) -> None:
    before = invited(portal)
    coordinator = portal.as_("coordinator-1")

    page = coordinator.look(CHECKLIST)
    done = coordinator.fill_in(f"/campaigns/{CAMPAIGN_ID}/invitations")

    assert "邀请已写入发件箱" in done.text
    now = invited(portal)
    assert f"邀请这{len(now) - len(before)}人" in page
    assert "clerk-331181100" in now
    assert "coordinator-1" not in now
    assert "邀请这" not in done.text


def test_checklist_says_which_towns_have_nobody_to_stand_in(portal: Portal) -> None:
    page = portal.as_("coordinator-1").look(CHECKLIST)

    assert "乡镇有人代办" in page
    assert "还没有设置发信服务器" in page


def test_auditor_reads_the_checklist_and_invites_nobody(portal: Portal) -> None:
    auditor = portal.as_("auditor-1")

    page = auditor.look(CHECKLIST)

    assert "邀请这" not in page
    assert auditor.fill_in(f"/campaigns/{CAMPAIGN_ID}/invitations").status_code == 404
