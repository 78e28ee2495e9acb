"""Towns ask for more time, coordinators answer, and reminders and invitations out of turn."""

from __future__ import annotations

from datetime import datetime

import pytest

from actions.dossiers import paper
from actions.duties import duties, extension_requests, reminders
from actions.messages.delivery import Sender, deliver_next
from actions.people import invitations
from notifications.message import Address, Message, Sent
from records.duties.duties import duty_with_key
from records.duties.extensions import unanswered_requests
from records.store import Store
from records.tables.duties import DutyRow, ExtensionRequestRow, ExtensionRow
from records.tables.messages import OutboxRow
from records.tables.people import InvitationRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import CAMPAIGN_ID, local
from tests.conftest import rows_of

CLERK, TOWN = "clerk-331181100", "331181100"


@pytest.fixture
def duty(submitting: Store, campaign: Campaign) -> DutyRow:
    with submitting.reading() as session:
        found = duty_with_key(session, CAMPAIGN_ID, f"dossier:{campaign.villages[0].code}")
        assert found is not None
        return found


@pytest.fixture
def now(campaign: Campaign) -> datetime:
    return local(campaign, 11, 10)


def ask(store: Store, duty: DutyRow, now: datetime, by: str = CLERK) -> ExtensionRequestRow | Refused:
    until = duty.due_at.replace(day=18)
    return extension_requests.ask_extension(
        store, duty_id=duty.id, by=by, wanted_due=until, reason="逐户核对", now=now
    )


@pytest.mark.parametrize(
    ("by", "code"),
    [("clerk-331181103", "not_your_town"), ("reviewer-4", "wrong_role"), ("nobody", "wrong_role")],
)
def test_extension_asked_for_by_somebody_else_is_refused(
    submitting: Store, duty: DutyRow, now: datetime, by: str, code: str
) -> None:
    refused = ask(submitting, duty, now, by)

    assert isinstance(refused, Refused)
    assert refused.code == code


def test_request_granted_moves_the_duty_and_is_answered_once(
    submitting: Store, duty: DutyRow, now: datetime
) -> None:
    asked = ask(submitting, duty, now)
    assert isinstance(asked, ExtensionRequestRow)

    def grant(by: str) -> Refused | None:
        return extension_requests.grant_request(
            submitting,
            request_id=asked.id,
            by=by,
            due_at=asked.wanted_due,
            lock_at=asked.wanted_due,
            words="同意",
            now=now,
        )

    refused = grant("reviewer-4")
    assert refused is not None
    assert refused.code == "not_coordinator"
    assert grant("coordinator-1") is None
    assert grant("coordinator-1") == extension_requests.ANSWERED
    (row,) = rows_of(submitting, ExtensionRequestRow)
    assert (row.answer, row.answered_by, row.words) == ("granted", "coordinator-1", "同意")
    assert [one.due_after for one in rows_of(submitting, ExtensionRow)] == [asked.wanted_due]


def test_request_refused_says_why_and_leaves_the_date(
    submitting: Store, duty: DutyRow, now: datetime
) -> None:
    asked = ask(submitting, duty, now)
    assert isinstance(asked, ExtensionRequestRow)

    def refuse(words: str, by: str = "coordinator-1") -> Refused | None:
        return extension_requests.refuse_request(submitting, request_id=asked.id, by=by, words=words, now=now)

    for silent in (refuse(" "), refuse("不行", by=CLERK)):
        assert silent is not None
    assert refuse("时间已经充裕") is None
    assert refuse("再说一次") == extension_requests.ANSWERED
    (row,) = rows_of(submitting, ExtensionRequestRow)
    assert (row.answer, row.words) == ("refused", "时间已经充裕")
    assert rows_of(submitting, ExtensionRow) == []
    assert isinstance(ask(submitting, duty, now), ExtensionRequestRow)


def test_request_that_another_extension_fulfils_waits_no_longer(
    submitting: Store, duty: DutyRow, now: datetime
) -> None:
    with submitting.reading() as session:
        paper_duty = duty_with_key(session, CAMPAIGN_ID, f"paper:{TOWN}")
    assert paper_duty is not None
    for late, day in ((duty, 19), (paper_duty, 18)):
        asked = extension_requests.ask_extension(
            submitting,
            duty_id=late.id,
            by=CLERK,
            wanted_due=late.due_at.replace(day=day),
            reason="大雨",
            now=now,
        )
        assert isinstance(asked, ExtensionRequestRow)
    assert waiting(submitting) == [duty.id, paper_duty.id]

    until = duty.due_at.replace(day=18)
    done = duties.extend(
        submitting, duty_id=duty.id, by="coordinator-1", due_at=until, lock_at=until, reason="大雨", now=now
    )

    assert done is None
    assert waiting(submitting) == [duty.id]
    once_more = extension_requests.ask_extension(
        submitting, duty_id=paper_duty.id, by=CLERK, wanted_due=until.replace(day=20), reason="大雨", now=now
    )
    assert isinstance(once_more, ExtensionRequestRow)
    assert waiting(submitting) == [duty.id, paper_duty.id]


def waiting(store: Store) -> list[int]:
    """The duties about which a coordinator still has to answer."""
    with store.reading() as session:
        return sorted(about.id for _, about in unanswered_requests(session, CAMPAIGN_ID))


@pytest.mark.parametrize(
    ("state", "waits"), [("open", True), ("lapsed", True), ("done", False), ("late", False)]
)
def test_request_about_what_has_ended_waits_no_longer(
    submitting: Store, duty: DutyRow, now: datetime, state: str, waits: bool
) -> None:
    assert isinstance(ask(submitting, duty, now), ExtensionRequestRow)
    with submitting.writing() as session:
        session.get_one(DutyRow, duty.id).state = state

    assert waiting(submitting) == [duty.id] * waits


def test_paper_announced_by_somebody_else_is_refused(submitting: Store, now: datetime) -> None:
    def announce(by: str, how: str = "专人送达") -> str:
        refused = paper.announce_paper(
            submitting, campaign_id=CAMPAIGN_ID, town_code=TOWN, how=how, by=by, now=now
        )
        return refused.code if refused else ""

    said = [announce("clerk-331181103"), announce("coordinator-1"), announce(CLERK, " "), announce(CLERK)]

    assert said == ["not_your_town", "not_your_town", "no_way", ""]


def test_reminder_by_hand_goes_out_once_a_day(submitting: Store, duty: DutyRow, now: datetime) -> None:
    def remind(by: str = "coordinator-1", at: datetime = now) -> str:
        refused = reminders.remind_now(submitting, duty_id=duty.id, by=by, now=at)
        return refused.code if refused else ""

    assert [remind(CLERK), remind(), remind(), remind(at=now.replace(day=11))] == [
        "not_coordinator", "", "just_reminded", "",
    ]  # fmt: skip
    sent = [row for row in rows_of(submitting, OutboxRow) if row.template == "dossier_reminder"]
    assert [row.person_id for row in sent] == [CLERK, CLERK]


class Postbox:
    """A channel that keeps what it is given."""

    def __init__(self) -> None:
        self.kept: list[Message] = []

    def send(self, message: Message, *, to: Address, key: str, at: datetime) -> Sent:
        assert (to.email, bool(key), at.tzinfo) != ("", False, None)
        self.kept.append(message)
        return Sent("250 ok")


def test_invitation_by_mail_opens_its_door_and_is_masked_afterwards(submitting: Store, now: datetime) -> None:
    refused = invitations.invite_by_mail(
        submitting, person_id=CLERK, campaign_id=CAMPAIGN_ID, by=CLERK, now=now
    )
    assert refused is not None
    assert refused.code == "not_coordinator"
    for expected in (None, "just_invited"):
        done = invitations.invite_by_mail(
            submitting, person_id=CLERK, campaign_id=CAMPAIGN_ID, by="coordinator-1", now=now
        )
        assert (done.code if done else None) == expected

    channel = Postbox()
    sender = Sender("test", channel, link="https://hqe.example.invalid", domain="hqe.example.invalid")  # type: ignore[arg-type]
    while deliver_next(submitting, sender, now=now, host_now=now):
        pass

    (mail,) = (one for one in channel.kept if "登录密码" in one.subject)
    token = mail.body.partition("https://hqe.example.invalid/invitation/")[2].partition("\n")[0]
    assert mail.private
    with submitting.reading() as session:
        found = invitations.invited(session, token, host_now=now)
    assert not isinstance(found, Refused)
    assert found.id == CLERK
    (row,) = rows_of(submitting, InvitationRow)
    assert row.made_by == "coordinator-1"
    (kept,) = (one for one in rows_of(submitting, OutboxRow) if one.template == "account_invited")
    assert token not in kept.text
    assert "******" in kept.text
