"""What stands in each kind of paper, from the rows: plain facts, without the day and the end of the audit log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from actions.campaign.targets import Reach, reached, stands_of
from actions.dossiers.uploads import read_upload
from actions.lists.recommendation import sensitivity
from actions.review.score_lines import plain
from actions.steps import split_subject
from notifications.wording import day_text
from records.campaign.villages import villages_of
from records.dossiers.files import Erased
from records.dossiers.uploads import uploads_of
from records.lists.causes import causes_of
from records.lists.ledger import entries_of
from records.lists.lists import payments_of
from records.lists.recommendations import sent_rankings
from records.people.people import names_of
from records.review.gates import decisions_on, gates_of
from records.review.scores import final_score
from records.store import Session, Store
from records.tables.campaign import VillageRow
from records.tables.review import GateRow
from rules.campaign.campaign import Campaign
from rules.campaign.scoring_words import rounded
from rules.campaign.states import TITLES
from rules.dossiers.tolerances import folded
from rules.lists.capital import capital
from rules.lists.results import KINDS
from rules.refusals import Refused
from workbooks.confined.client import list_texts_apart

Facts = dict[str, Any]
UNSETTLED = ("taking_part", "submitted", "under_review", "returned")
NOT_FILED = "未填报"
OPEN = "　　"
"""To be written by hand: the campaign holds no publicity of its own."""
BY_VILLAGE = frozenset({"recommendation_form", "visit_sheet"})
"""Papers that are about one village."""
BY_LIST = frozenset({"payment_list"})
"""Papers that are about one list that was decided."""
PRIVATE = frozenset({"recommendation_form", "payment_list"})
"""Papers with a telephone number or an account: opened with a reason, which is noted."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where facts are taken from."""

    session: Session
    store: Store
    campaign: Campaign
    about: str

    @property
    def office(self) -> str:
        return f"{self.campaign.county}人力资源和社会保障局"

    @property
    def above(self) -> str:
        return f"{self.campaign.level_above.title.removesuffix('级')}人力资源和社会保障局"

    def village(self) -> VillageRow | None:
        return self.session.get(VillageRow, (self.campaign.id, self.about))


def facts_of(store: Store, session: Session, campaign: Campaign, kind: str, about: str) -> Facts | Refused:
    """Everything that the template of this kind asks for."""
    sources = Sources(session, store, campaign, about)
    found = KIND_FACTS[kind](sources)
    if isinstance(found, Refused):
        return found
    common = {
        "notice": campaign.notice,
        "county": campaign.county,
        "office": sources.office,
        "above": sources.above,
        "level": campaign.level_above.title,
        "honour": campaign.called,
        "first_honour": campaign.first_honour,
        "red_head": f"{sources.office}文件",
        "number": f"〔{campaign.year}〕　　号",
    }
    return {**common, **found}


def about_of(session: Session, campaign_id: str, kind: str, typed: str) -> str | Refused:
    """What a paper of this kind is about, under the one name that gives it one document number: a village's code,
    the number of an approved award's gate, or nothing for the whole campaign, whatever was typed."""
    plain = folded(typed)
    if kind in BY_VILLAGE:
        there = session.get(VillageRow, (campaign_id, plain)) is not None
        return plain if there else Refused("foreign_village", f"代码{plain}不在本次活动中，请核对。")
    if kind not in BY_LIST:
        return ""
    awards = [one for one in gates_of(session, campaign_id) if (one.name, one.answer) == ("award", "approve")]
    number = plain.lstrip("0")
    found = (str(one.id) for one in awards if str(one.id) == number)
    return next(found, Refused("no_such_list", "请选择一份两局已同意的奖补名单。"))


def recognition_list(sources: Sources) -> Facts | Refused:
    rows = [_scored(sources, one, n) for n, one in enumerate(_recognised(sources), 1)]
    title = f"关于公布{sources.campaign.year}年{sources.campaign.first_honour}名单的通知"
    return {"title": title, "rows": rows} if rows else nothing_yet()


def publicity_notice(sources: Sources) -> Facts | Refused:
    rows = [_scored(sources, one, n) for n, one in enumerate(_recognised(sources), 1)]
    title = f"{sources.campaign.year}年{sources.campaign.first_honour}拟认定名单公示"
    workdays = sources.campaign.publicity_workdays or OPEN
    return {"title": title, "rows": rows, "workdays": workdays} if rows else nothing_yet()


def recommendation_letter(sources: Sources) -> Facts | Refused:
    session, campaign = sources.session, sources.campaign
    sent = [row for row in sent_rankings(session, campaign.id) if row.recommended]
    if not sent:
        return nothing_yet()
    found = {row.code: row for row in villages_of(session, campaign.id)}
    rows = [_scored(sources, found[row.village_code], n) for n, row in enumerate(sent, 1)]
    missing = [
        {
            "town": campaign.town(one.town_code).name,
            "village": one.name,
            "state": TITLES["village", one.state],
        }
        for one in found.values()
        if one.state in UNSETTLED
    ]
    lines = sensitivity(session, campaign)
    return {
        "title": f"关于推荐{campaign.level_above.title}{campaign.called}的函",
        "rows": rows,
        "missing": missing,
        "sensitivity_title": "名次稳定性(任一社区(村)增减1分的影响)",
        "sensitivity": lines or ["任一社区(村)增减1分，推荐名单都不变。"],
    }


def recommendation_form(sources: Sources) -> Facts | Refused:
    village = sources.village()
    if village is None or village.state != "recognised":
        return nothing_yet()
    final = final_score(sources.session, village)
    assert final is not None
    texts = texts_of(sources, village)
    total, part_a = Fraction(final.total), Fraction(final.part_a)
    return {
        "title": f"{sources.campaign.called or sources.campaign.level_above.title}推荐表",
        "village": village.name,
        "town": sources.campaign.town(village.town_code).name,
        "head": texts.get("head", NOT_FILED),
        "phone": texts.get("phone", NOT_FILED),
        "achievements": texts.get("achievements", NOT_FILED),
        "score_a": rounded(part_a),
        "score_b": rounded(total - part_a),
        "score": rounded(total),
    }


def town_summary(sources: Sources) -> Facts:
    county, towns = reached(sources.campaign, stands_of(sources.session, sources.campaign.id))
    rows = [_reach(one) for one in towns]
    return {
        "title": f"{sources.campaign.title}各乡镇(街道)情况汇总表",
        "rows": rows,
        "total": _reach(county),
    }


def _reach(one: Reach) -> dict[str, str | int]:
    return {
        "town": one.name,
        "target": one.target,
        "taking_part": one.taking_part,
        "filed": one.accepted,
        "goal": one.goal,
        "recognised": one.recognised,
        "recommended": one.recommended,
    }


def payment_list(sources: Sources) -> Facts:
    """The list of a gate that both bureaus approved, as they saw it."""
    session, campaign = sources.session, sources.campaign
    gate = session.get_one(GateRow, int(sources.about))
    award = campaign.award(split_subject(gate.subject)[1])
    lines = payments_of(session, gate)
    rows = []
    for number, one in enumerate(lines, 1):
        village = session.get_one(VillageRow, (campaign.id, one.village_code))
        texts = texts_of(sources, village)
        rows.append(
            {
                "number": number,
                "town": campaign.town(village.town_code).name,
                "village": village.name,
                "payee": texts.get("payee", NOT_FILED),
                "account": " ".join(texts[key] for key in ("bank", "account") if key in texts) or NOT_FILED,
                "before": one.paid_before,
                "yuan": one.yuan,
                "note": one.note,
            }
        )
    total = sum(one.yuan for one in lines)
    names = names_of(session)
    return {
        "title": f"{campaign.title}{award.title}奖补资金发放清单",
        "number": f"{campaign.id}-{award.level}-{gate.attempt}",
        "rows": rows,
        "total": total,
        "capital": capital(total),
        "signed": [
            {
                "office": one.seat,
                "person": names.get(one.person_id, one.person_id),
                "day": day_text(one.decided_at.astimezone(campaign.zone).date()),
            }
            for one in decisions_on(session, gate)
        ],
    }


def campaign_report(sources: Sources) -> Facts:
    session, campaign = sources.session, sources.campaign
    villages = villages_of(session, campaign.id)
    summary = town_summary(sources)
    finals = [final for one in villages if (final := final_score(session, one)) is not None]
    bands = Counter(min(int(Fraction(one.total)) // 5 * 5, 100) for one in finals)
    return {
        "title": f"{campaign.title}总结",
        "towns": len(campaign.towns),
        "villages": len(villages),
        **{key: summary["total"][key] for key in ("target", "taking_part", "filed", "goal", "recognised")},
        "sent": sum(row.recommended for row in sent_rankings(session, campaign.id)),
        "yuan": sum(row.payable_yuan for row in entries_of(session, campaign.id)),
        "bars_towns": [(row["town"], row["recognised"]) for row in summary["rows"]],
        "bars_scores": [(f"{band}分起", bands[band]) for band in sorted(bands, reverse=True)],
        "results": [
            f"{campaign.village(one.village_code).name}：{campaign.award(one.level).title}{KINDS[one.kind]}，{one.document}。"
            for one in causes_of(session, campaign.id)
        ]
        or ["目前没有登记上级结果。"],
    }


def visit_sheet(sources: Sources) -> Facts | Refused:
    village = sources.village()
    accepted = uploads_of(sources.session, village, state="accepted") if village else []
    if village is None or not accepted:
        return nothing_yet()
    rows = []
    for indicator in sources.campaign.scheme.indicators:
        items = [
            (f"{indicator.id}/{n}", f"{indicator.name}：{item.name}")
            for n, item in enumerate(indicator.items, 1)
        ]
        for key, name in items or [(indicator.id, indicator.name)]:
            claimed = accepted[-1].facts.get(key)
            if indicator.part != "A" and claimed is not None:
                rows.append({"id": key, "name": name, "claimed": plain(str(claimed))})
    town = sources.campaign.town(village.town_code).name
    return {"title": "现场核查表", "town": town, "village": village.name, "rows": rows}


def nothing_yet() -> Refused:
    return Refused("nothing_to_print", "目前还没有可以写入这份文书的内容，请在相应环节办结后再生成。")


def texts_of(sources: Sources, village: VillageRow) -> dict[str, str]:
    """What the village's accepted dossier says in words; read anew from its sealed file, kept nowhere else."""
    accepted = uploads_of(sources.session, village, state="accepted")
    if not accepted:
        return {}
    try:
        data = read_upload(sources.store, accepted[-1].id)[1]
    except Erased:
        return {}
    return {one.key: one.text for one in list_texts_apart(data, campaign=sources.campaign)}


def _recognised(sources: Sources) -> list[VillageRow]:
    return villages_of(sources.session, sources.campaign.id, states=["recognised"])


def _scored(sources: Sources, village: VillageRow, number: int) -> Facts:
    final = final_score(sources.session, village)
    return {
        "number": number,
        "town": sources.campaign.town(village.town_code).name,
        "village": village.name,
        "score": rounded(Fraction(final.total)) if final else "",
    }


KIND_FACTS: Mapping[str, Callable[[Sources], Facts | Refused]] = {
    "recognition_list": recognition_list,
    "publicity_notice": publicity_notice,
    "recommendation_letter": recommendation_letter,
    "recommendation_form": recommendation_form,
    "town_summary": town_summary,
    "payment_list": payment_list,
    "campaign_report": campaign_report,
    "visit_sheet": visit_sheet,
}
"""Kind of paper -> what finds its facts."""
