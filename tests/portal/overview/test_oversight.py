"""People, messages and the audit log as the coordinator keeps them in the portal."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from portal.web.rendering import SAID
from records import relays
from records.store import Store
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from records.tables.people import CredentialRow, PersonRow, SessionRow
from tests.actions.conftest import CAMPAIGN_ID
from tests.conftest import rows_of, tampering
from tests.portal.conftest import CLERK, Browser, Portal

HERE = f"/campaigns/{CAMPAIGN_ID}"
NEW = {
    "id": "reviewer-9", "name": "测试壬", "email": "reviewer-9@example.invalid", "roles": "reviewer",
    "conflicts": "331181103",
}  # fmt: skip


@pytest.fixture
def coordinator(portal: Portal, submitting: Store, at: Callable[[int, int], None]) -> Browser:
    """The coordinator on 10 November."""
    at(11, 10)
    return portal.as_("coordinator-1")


def person(store: Store, person_id: str) -> PersonRow:
    with store.reading() as session:
        return session.get_one(PersonRow, person_id)


def confirm_as_other(portal: Portal, number: int = 1) -> str:
    """The second coordinator agrees."""
    other = portal.as_("coordinator-2")
    other.look(f"{HERE}/proposals")
    return other.fill_in(f"/proposals/{number}/confirmation").text


# --- people --------------------------------------------------------------------------------------


def test_person_is_added_changed_and_told_in_the_log(portal: Portal, coordinator: Browser) -> None:
    coordinator.look(f"{HERE}/people")
    added = coordinator.fill_in(f"{HERE}/people", NEW)
    confirm_as_other(portal)
    coordinator.look(f"{HERE}/people")
    changed = coordinator.fill_in("/people/reviewer-9/changes", {**NEW, "conflicts": "331181100"})

    assert (SAID["proposed"] in added.text, SAID["person_changed"] in changed.text) == (True, True)
    row = person(portal.store, "reviewer-9")
    assert (row.name, row.roles, row.conflicts) == ("测试壬", ["reviewer"], ["331181100"])
    assert "变更项" in coordinator.look(f"{HERE}/audit?about=reviewer-9")


def test_form_opened_before_another_changed_the_same_person_takes_nothing_back(
    portal: Portal, coordinator: Browser
) -> None:
    page = coordinator.look(f"/people/{CLERK}")
    kept = re.findall(r'<input type="hidden" name="(seen_\w+)" value="([^"]*)">', page)
    seen = {name: value for name, value in kept if value}
    form = {name.removeprefix("seen_"): value for name, value in seen.items()} | seen
    with portal.store.writing() as session:
        session.get_one(PersonRow, CLERK).conflicts = ["331181103"]

    changed = coordinator.fill_in(f"/people/{CLERK}/changes", {**form, "name": "测试甲"})
    again = coordinator.fill_in(f"/people/{CLERK}/changes", {**form, "name": "测试乙"})

    row = person(portal.store, CLERK)
    assert SAID["person_changed"] in changed.text
    assert "他人已更改：姓名" in again.text
    assert (row.name, row.conflicts) == ("测试甲", ["331181103"])


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"id": "reviewer-6"}, "已经有人使用"),
        ({"id": "两个字"}, "以字母或数字开头"),
        ({"name": ""}, "请填写姓名"),
        ({"name": "测试\r\nBcc: x"}, "须为一行"),
        ({"name": "测" * 300}, "40字以内"),
        ({"id": "a" * 300}, "64个以内"),
        ({"email": "nowhere"}, "邮箱地址格式不对"),
        ({"email": "REVIEWER-6@example.invalid"}, "已由另一人使用"),
        ({"roles": ""}, "至少勾选一个角色"),
        ({"roles": "town_clerk"}, "必须选择所在乡镇"),
        ({"conflicts": "999"}, "不在进行中的活动里"),
        ({"deputy": "nobody"}, "代理人须为另一位在用人员"),
    ],
)
def test_person_that_cannot_be_is_not_added(
    portal: Portal, coordinator: Browser, changed: dict[str, str], sentence: str
) -> None:
    before = len(rows_of(portal.store, PersonRow))
    coordinator.look(f"{HERE}/people")

    answer = coordinator.fill_in(f"{HERE}/people", {**NEW, **changed})

    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert len(rows_of(portal.store, PersonRow)) == before


def test_person_stood_down_hands_duties_to_whom_the_page_named(portal: Portal, coordinator: Browser) -> None:
    page = coordinator.look(f"/people/{CLERK}")
    assert page.count("李立新") >= 2

    refused = coordinator.fill_in(f"/people/{CLERK}/stand-down")
    assert "岗位空缺" in refused.text
    coordinator.fill_in(
        f"{HERE}/people",
        {
            **NEW,
            "id": "clerk-9",
            "email": "c9@example.invalid",
            "roles": "town_clerk",
            "town_code": "331181100",
        },
    )
    done = coordinator.fill_in(f"/people/{CLERK}/stand-down")

    assert SAID["person_stood_down"] in done.text
    held = {duty.person_id for duty in rows_of(portal.store, DutyRow) if duty.state == "open"}
    assert (CLERK in held, "head-331181100" in held) == (False, True)
    assert SAID["person_taken_back"] in coordinator.fill_in(f"/people/{CLERK}/return").text


def test_account_is_unlocked_its_telephone_forgotten_and_its_sessions_ended(
    portal: Portal, coordinator: Browser
) -> None:
    portal.as_("reviewer-6")
    coordinator.look("/people/reviewer-6")

    said = [
        coordinator.fill_in(f"/people/reviewer-6/{act}").text
        for act in ("unlocking", "device-reset", "logout")
    ]

    assert [SAID[name] in page for name, page in zip(
        ("unlocked", "proposed", "logged_out_for"), said, strict=True)] == [True] * 3  # fmt: skip
    assert SAID["confirmed"] in confirm_as_other(portal)
    with portal.store.reading() as session:
        credential = session.get_one(CredentialRow, "reviewer-6")
        assert (credential.totp_sealed, credential.totp_confirmed) == (None, False)
    assert "reviewer-6" not in {row.person_id for row in rows_of(portal.store, SessionRow)}
    assert "解锁账号" in coordinator.look(f"{HERE}/audit?act=unlock")


def test_locked_account_may_try_again_once_unlocked(portal: Portal, coordinator: Browser) -> None:
    portal.as_("reviewer-6")
    visitor = portal.visitor()
    visitor.look("/login")
    for _ in range(6):
        page = visitor.fill_in("/login", {"name": "reviewer-6", "password": "wrong"}).text
    assert "尝试次数过多" in page

    coordinator.look("/people/reviewer-6")
    coordinator.fill_in("/people/reviewer-6/unlocking")

    assert "账号或密码不正确" in visitor.fill_in("/login", {"name": "reviewer-6", "password": "wrong"}).text


def test_telephone_of_somebody_without_a_password_is_not_forgotten(coordinator: Browser) -> None:
    coordinator.look("/people/reviewer-5")

    assert "还没有添加手机口令" in coordinator.fill_in("/people/reviewer-5/device-reset").text


def test_auditor_reads_a_person_and_changes_nothing(portal: Portal, coordinator: Browser) -> None:
    auditor = portal.as_("auditor-1")

    assert "保存" not in auditor.look("/people/reviewer-6")
    assert auditor.fill_in("/people/reviewer-6/stand-down").status_code == 404


def test_person_declares_a_conflict_and_only_a_coordinator_lifts_it(
    portal: Portal, coordinator: Browser
) -> None:
    reviewer = portal.as_("reviewer-6")
    reviewer.look("/account")

    silent = reviewer.fill_in("/account/conflicts", {"town": "331181103"})
    foreign = reviewer.fill_in("/account/conflicts", {"town": "999", "why": "籍贯"})
    done = reviewer.fill_in("/account/conflicts", {"town": "331181103", "why": "配偶在该镇任职"})

    assert ("请写明回避的原因" in silent.text, "请勾选需要回避" in foreign.text) == (True, True)
    assert SAID["conflict_declared"] in done.text
    assert person(portal.store, "reviewer-6").conflicts == ["331181103"]
    assert "配偶在该镇任职" in coordinator.look(f"{HERE}/audit?act=declare_conflict")


# --- messages ------------------------------------------------------------------------------------


def test_forecast_shows_what_will_be_sent_by_day_with_its_text(coordinator: Browser) -> None:
    page = coordinator.look(f"{HERE}/messages/forecast?days=7")

    assert "申报材料报送提醒" in page
    assert "11月12日(四)" in page
    assert "请登录系统" in page
    assert coordinator.look(f"{HERE}/messages/forecast?days=nonsense").count("<b>3天</b>") == 1


def test_message_shows_its_text_and_is_sent_again_only_when_it_failed(
    portal: Portal, coordinator: Browser
) -> None:
    message = rows_of(portal.store, OutboxRow)[0]
    assert "您好" in coordinator.look(f"/messages/{message.id}")
    refused = coordinator.fill_in(f"/messages/{message.id}/resending")
    with portal.store.writing() as session:
        row = session.get_one(OutboxRow, message.id)
        row.state, row.answer, row.attempts = "failed", "550 5.1.1 no such mailbox", 8

    page = coordinator.look(f"/messages/{message.id}")
    done = coordinator.fill_in(f"/messages/{message.id}/resending")

    assert (refused.status_code, "550 5.1.1 no such mailbox" in page) == (422, True)
    assert SAID["message_again"] in done.text
    again = next(one for one in rows_of(portal.store, OutboxRow) if one.id == message.id)
    assert (again.state, again.key) == ("waiting", message.key)
    assert "重新发送邮件" in coordinator.look(f"{HERE}/audit?about=coordinator-1")


def test_message_says_what_became_of_its_short_copy(portal: Portal, coordinator: Browser) -> None:
    message = rows_of(portal.store, OutboxRow)[0]
    with portal.store.writing() as session:
        relays.post(session, outbox_id=message.id, channel="工作群", text="甲：请报送")
    waiting = coordinator.look(f"/messages/{message.id}")
    with portal.store.writing() as session:
        copy = relays.relay_of(session, message.id)
        assert copy is not None
        relays.mark(session, copy.id, state=relays.LAPSED, answer="已过一天，不再转发。")

    lapsed = coordinator.look(f"/messages/{message.id}")

    assert "工作群 等待发送" in waiting
    assert "工作群 不再发送 <code>已过一天，不再转发。" in lapsed


# --- audit ---------------------------------------------------------------------------------------


def test_log_is_filtered_by_act_person_and_days(coordinator: Browser) -> None:
    everything = coordinator.look(f"{HERE}/audit").count("<tr>")

    confirmed = coordinator.look(f"{HERE}/audit?act=confirm_survey")
    by_name = coordinator.look(f"{HERE}/audit?about=季文静&act=confirm_survey")
    later = coordinator.look(f"{HERE}/audit?act=confirm_survey&since=2020-10-23")
    earlier = coordinator.look(f"{HERE}/audit?act=confirm_survey&until=2020-10-22")

    assert [page.count("确认调查摸底</th>") for page in (confirmed, by_name, later, earlier)] == [2, 1, 0, 2]
    assert everything > 3
    assert coordinator.look(f"{HERE}/audit?act=nonsense&since=x").count("<tr>") >= everything


def test_log_says_whether_its_chain_is_whole(portal: Portal, coordinator: Browser) -> None:
    assert "已逐条核验，链条完整" in coordinator.look(f"{HERE}/audit?verify=1")

    with tampering(portal.store) as connection:
        connection.exec_driver_sql("UPDATE audit SET actor = 'nobody' WHERE seq = 2")
    assert "从第2条起与记录不符" in coordinator.look(f"{HERE}/audit?verify=1")
