"""Making papers: the same facts and template are the same paper, others are a new edition that says why."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from actions.lists.paper_facts import BY_VILLAGE, PRIVATE, Facts, about_of, facts_of
from actions.lookup import campaign_of
from actions.steps import subject_of
from records import audit
from records.campaign.campaigns import lock_campaign
from records.dossiers import files
from records.lists.papers import newest_edition, next_number, place_of
from records.store import Session, Store, repeatable
from records.tables.lists import PaperRow
from records.tables.people import PersonRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from rules.signs import says_nothing
from workbooks.papers.charts import Bars, bar_chart
from workbooks.papers.office import as_pdf
from workbooks.papers.paper_templates import TEMPLATES, template_of
from workbooks.papers.word import Picture, fill_word

MAKERS = frozenset({"coordinator", "finance"})
LONGEST_WHY = 200
READERS = frozenset({"coordinator", "finance", "bureau_leader", "auditor"})


def make_paper(
    store: Store,
    *,
    campaign_id: str,
    kind: str,
    about: str = "",
    by: str,
    why: str = "",
    now: datetime,
    font: str = "",
) -> PaperRow | Refused:
    """The newest edition, made anew only where facts or template differ from it; then ``why`` is needed."""
    why = " ".join(why.split())
    with store.reading() as session:
        campaign = campaign_of(session, campaign_id)
        named = _refuse(session, kind, by, why) or about_of(session, campaign.id, kind, about)
        if isinstance(named, Refused):
            return named
        facts = facts_of(store, session, campaign, kind, named)
    if isinstance(facts, Refused):
        return facts
    return _keep(
        store,
        campaign,
        kind=kind,
        about=named,
        facts=facts,
        by=by,
        why=why,
        now=now,
        font=font,
    )


@repeatable
def _keep(
    store: Store,
    campaign: Campaign,
    *,
    kind: str,
    about: str,
    facts: Facts,
    by: str,
    why: str,
    now: datetime,
    font: str,
) -> PaperRow | Refused:
    template = template_of(kind, store.home)
    hashes = (_hash(json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()), _hash(template))
    with store.writing() as session:
        lock_campaign(session, campaign.id)
        last = newest_edition(session, campaign.id, kind, about)
        if last is not None and (last.facts_sha256, last.template_sha256) == hashes:
            return last
        if last is not None and not why:
            what = "模板" if last.facts_sha256 == hashes[0] else "内容"
            return Refused(
                "changed_paper", f"{what}与第{last.edition}版不同，请写明重新生成的理由，将作为新的一版。"
            )
        length, head = audit.length_and_head(session)
        paper = PaperRow(
            campaign_id=campaign.id,
            kind=kind,
            about=about,
            edition=last.edition + 1 if last else 1,
            number=last.number if last else next_number(session, campaign.id),
            title=str(facts["title"]),
            why=why,
            facts_sha256=hashes[0],
            template_sha256=hashes[1],
            audit_length=length,
            audit_head=head,
            made_by=by,
            made_at=now,
        )
        data = fill_word(template, _dressed(campaign, paper, facts, now=now, font=font))
        if isinstance(data, Refused):
            return data
        paper.sha256 = _hash(data)
        paper.blob_id = files.keep(session, store.vault, data, about=place_of(paper))
        session.add(paper)
        facts_noted = {"kind": kind, "edition": paper.edition, "sha256": paper.sha256, "reason": why}
        subject = subject_of(campaign.id, about if kind in BY_VILLAGE else "")
        audit.note(session, at=now, actor=by, act="make_paper", subject=subject, facts=facts_noted)
    return paper


def _dressed(campaign: Campaign, paper: PaperRow, facts: Facts, *, now: datetime, font: str) -> Facts:
    """With the day, the number, the end of the audit log and the charts."""
    edition = f"第{paper.edition}版" + (f"({paper.why})" if paper.why else "")
    chain = f"审计日志第{paper.audit_length}条 {paper.audit_head[:16]}"
    trace = f"文书编号 {campaign.id}-{paper.number:03d}　{edition}　{chain}"
    mark = f"　{campaign.scheme.mark}" if campaign.scheme.mark else ""
    charts = {
        f"chart_{name.removeprefix('bars_')}": _chart(bars, font=font)
        for name, bars in facts.items()
        if name.startswith("bars_")
    }
    today = now.astimezone(campaign.zone)
    day = f"{today.year}年{today.month}月{today.day}日"
    return {**facts, **charts, "trace": trace + mark, "day": day}


def _chart(bars: Bars, *, font: str) -> Picture | str:
    png = bar_chart(bars, font=font)
    return Picture(png) if png else "(没有可以绘图的数据，或者本机没有中文字体)"


def _refuse(session: Session, kind: str, by: str, why: str) -> Refused | None:
    person = session.get(PersonRow, by)
    if person is None or not person.active or MAKERS.isdisjoint(person.roles):
        return Refused("not_maker", "文书由活动协调员或财政局经办人生成。")
    if kind not in TEMPLATES:
        return Refused("no_such_paper", f"没有这种文书，可用：{'、'.join(TEMPLATES)}。")
    if len(why) > LONGEST_WHY:
        return Refused("long_reason", f"重新生成的理由请写在{LONGEST_WHY}个字以内，它印在文书上。")
    return None


@repeatable
def open_paper(store: Store, *, paper_id: int, by: str, reason: str = "", now: datetime) -> bytes | Refused:
    """Its Word file; one with a telephone number or an account needs a reason, and its opening is noted."""
    with store.writing() as session:
        paper = session.get(PaperRow, paper_id)
        person = session.get(PersonRow, by)
        if paper is None or person is None or not person.active or READERS.isdisjoint(person.roles):
            return Refused("no_such_paper", "没有这份文书，或者您没有查看权限。")
        if paper.kind in PRIVATE:
            if says_nothing(reason):
                return Refused(
                    "no_reason", "这份文书含联系电话或银行账号，请写明查看的理由，将记入审计日志。"
                )
            facts = {"kind": paper.kind, "edition": paper.edition, "reason": reason.strip()}
            subject = subject_of(paper.campaign_id, paper.about if paper.kind in BY_VILLAGE else "")
            audit.note(session, at=now, actor=by, act="open_paper", subject=subject, facts=facts)
        return files.fetch(session, store.vault, paper.blob_id, about=place_of(paper))


def open_paper_pdf(
    store: Store, *, paper_id: int, by: str, reason: str = "", now: datetime
) -> bytes | Refused:
    """The same as PDF, where there is a program that can."""
    word = open_paper(store, paper_id=paper_id, by=by, reason=reason, now=now)
    return word if isinstance(word, Refused) else as_pdf(word)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
