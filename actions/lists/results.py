"""Results of the levels above, and what takes money back: entered with their document, months later if need be.

An entry pays nobody. It wakes the award's run, of a closed campaign too; both bureaus decide on its list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from actions.lists.accounts import Accounts
from actions.lists.award import payments_due
from actions.lookup import find_campaign
from actions.steps import subject_of
from records import audit
from records.campaign.campaigns import lock_campaigns
from records.dossiers import files
from records.lists.causes import causes_of
from records.lists.recommendations import sent_rankings
from records.runs import bells, carriers
from records.store import Session, Store, repeatable
from records.tables.campaign import CampaignRow, VillageRow
from records.tables.lists import CauseRow
from records.tables.people import PersonRow
from rules.campaign.campaign import Campaign
from rules.dossiers.tolerances import folded
from rules.entries import refuse_year
from rules.lists import results
from rules.lists.results import KINDS, MONEY, RESULTS, refuse_amount, refuse_paper
from rules.refusals import Refused
from rules.signs import says_nothing

MOST_BYTES = 10 * 1024 * 1024
LONGEST_FILE_NAME = 100


@dataclass(frozen=True, slots=True)
class Entry:
    """What is entered about one village: a kind of ``rules.lists.results``, by which document of what day.

    ``yuan`` is what a recovery takes back (more than nothing), or by how much a correction changes what was paid.
    """

    village_code: str
    level: str
    kind: str
    document: str
    dated: date
    reason: str = ""
    yuan: int = 0
    file_name: str = ""
    data: bytes = b""


@repeatable
def enter_results(
    store: Store, *, campaign_id: str, entries: list[Entry], by: str, now: datetime
) -> list[int] | Refused:
    """Enter one or many, all or none; their numbers."""
    with store.writing() as session:
        lock_campaigns(session)
        campaign = find_campaign(session, campaign_id)
        person = session.get(PersonRow, by)
        if person is None or not person.active or "coordinator" not in person.roles:
            return Refused("not_coordinator", "只有活动协调员可以登记上级结果和追回、更正事项。")
        if campaign is None:
            return Refused("no_such_campaign", f"没有编号为{campaign_id}的活动，请核对。")
        rows: list[int] = []
        for number, entry in enumerate(entries, 1):
            row = _enter(session, store, campaign, entry, by=by, now=now)
            if isinstance(row, Refused):
                session.rollback()
                return row if len(entries) == 1 else Refused(row.code, f"第{number}条：{row.reason}")
            rows.append(row.id)
        wake_awards(session, campaign, now=now)
        return rows


def _enter(
    session: Session, store: Store, campaign: Campaign, entry: Entry, *, by: str, now: datetime
) -> CauseRow | Refused:
    refused = _refuse_entry(session, campaign, entry, now=now)
    if refused is not None:
        return refused
    row = CauseRow(
        campaign_id=campaign.id,
        village_code=entry.village_code,
        level=entry.level,
        kind=entry.kind,
        yuan=-entry.yuan if entry.kind == "recovery" else entry.yuan,
        document=entry.document.strip(),
        dated=entry.dated,
        reason=entry.reason.strip(),
        file_name=entry.file_name[-LONGEST_FILE_NAME:] if entry.data else "",
        by=by,
        at=now,
    )
    session.add(row)
    session.flush()
    if entry.data:
        row.blob_id = files.keep(session, store.vault, entry.data, about=f"award_cause:{row.id}")
    facts = {
        "level": entry.level,
        "kind": entry.kind,
        "yuan": row.yuan,
        "document": row.document,
        "dated": entry.dated.isoformat(),
        "reason": row.reason,
    }
    subject = subject_of(campaign.id, entry.village_code)
    audit.note(session, at=now, actor=by, act="enter_result", subject=subject, facts=facts)
    return row


def _refuse_entry(session: Session, campaign: Campaign, entry: Entry, *, now: datetime) -> Refused | None:
    levels = {award.level: award.title for award in campaign.awards}
    village = session.get(VillageRow, (campaign.id, entry.village_code))
    if village is None:
        return Refused("foreign_village", f"代码{entry.village_code}不在本次活动中，请核对。")
    if entry.level not in levels or entry.kind not in KINDS:
        return Refused("no_such_level", f"级别须为{'、'.join(levels)}之一，事项须为{'、'.join(KINDS)}之一。")
    if village.state != "recognised":
        return Refused("not_recognised", f"{village.name}未获本次活动认定，不能登记上级结果或奖补变动。")
    today = now.astimezone(campaign.zone).date()
    refused = refuse_year(entry.dated, about=campaign.year)
    refused = refused or refuse_paper(
        entry.document, entry.reason, entry.dated, year=campaign.year, today=today
    )
    if refused:
        return refused
    if len(entry.data) > MOST_BYTES:
        return Refused("document_too_large", "文件不得超过10MB，请压缩后再传。")
    if entry.kind in MONEY:
        return _refuse_money(session, campaign, village, entry)
    refused = refuse_amount(entry.kind, entry.yuan, paid=0, foreseen=0, most=0)
    return refused or _refuse_result(session, campaign, village, entry)


def _refuse_result(session: Session, campaign: Campaign, village: VillageRow, entry: Entry) -> Refused | None:
    accounts = Accounts(session, campaign)
    causes = accounts.causes[entry.village_code]
    held = {award.level for award in results.reached(campaign, causes)}
    title = campaign.award(entry.level).title
    if entry.kind == "withdrawn":
        if entry.level not in held:
            return Refused("not_held", f"{village.name}目前没有{title}称号，无从取消。")
        return None if entry.reason.strip() else Refused("no_reason", "请写明取消称号的理由。")
    if entry.level == campaign.awards[0].level:
        return Refused("own_level", f"{title}由本局在认定审批中决定，不在此登记。")
    if not any(
        one.recommended and one.village_code == village.code for one in sent_rankings(session, campaign.id)
    ):
        return Refused(
            "not_sent", f"{village.name}不在已报送的推荐名单中，请核对村名；确需补报的，先补充推荐。"
        )
    said = results.newest(campaign, causes).get(entry.level)
    if said is not None and said.kind == entry.kind:
        return Refused("already_entered", f"{village.name}的{title}结果“{RESULTS[said.kind]}”已经登记过。")
    if said is not None and entry.level in held:
        return Refused("withdraw_instead", f"{village.name}已登记为{title}，请登记“取消称号”，并写明依据。")
    return None


def _refuse_money(session: Session, campaign: Campaign, village: VillageRow, entry: Entry) -> Refused | None:
    if says_nothing(entry.reason):
        return Refused("no_reason", "请写明追回或更正的理由。")
    if any(_is_same(one, entry) for one in causes_of(session, campaign.id, village.code)):
        title = f"{village.name}的{campaign.award(entry.level).title}奖补{KINDS[entry.kind]}"
        return Refused(
            "already_entered", f"{title}已按这份文件登记过，请勿重复登记；确属另一笔的，请写明区别。"
        )
    accounts = Accounts(session, campaign)
    held, foreseen = accounts.held(village.code), accounts.foreseen(village.code)
    most = max(0, (held.yuan if held else 0) - foreseen.given)
    return refuse_amount(
        entry.kind, entry.yuan, paid=accounts.paid(village.code), foreseen=foreseen.kept, most=most
    )


def _is_same(row: CauseRow, entry: Entry) -> bool:
    """By the same document, however it was typed, the same is entered once."""
    documents = {folded(row.document), folded(entry.document)}
    return (row.level, row.kind) == (entry.level, entry.kind) and len(documents) == 1


def wake_awards(session: Session, campaign: Campaign, *, now: datetime) -> list[str]:
    """Wake the run of every level at which somebody is now to be decided about, and a campaign that had ended."""
    accounts = Accounts(session, campaign)
    due = [award for award in campaign.awards if payments_due(session, campaign, award.level, accounts)]
    row = session.get_one(CampaignRow, campaign.id)
    if due and row.closed_at is not None:
        row.closed_at = None
        facts = {"levels": [award.level for award in due]}
        audit.note(session, at=now, actor="system", act="wake_campaign", subject=campaign.id, facts=facts)
    for award in due:
        subject = subject_of(campaign.id, award.level)
        is_new = carriers.enlist(
            session,
            kind="award",
            subject=subject,
            campaign_id=campaign.id,
            label=f"award · {campaign.title} · {award.title}",
            tags=[campaign.id, campaign.stage("award").title],
            at=now,
        )
        if not is_new:
            carriers.reopen(session, "award", subject)
            bells.ring(session, kind="award", subject=subject, cause="result", at=now)
    if due:
        carriers.reopen(session, "campaign", subject_of(campaign.id))
        bells.ring(session, kind="campaign", subject=subject_of(campaign.id), cause="result", at=now)
    return [award.level for award in due]
