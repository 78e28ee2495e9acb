"""A village explained and replayed: from the cells of its dossier to the money, stored against reckoned anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from actions.campaign.lifecycle import RULES_VERSION
from actions.dossiers.examination import examine_upload
from actions.dossiers.uploads import read_upload
from actions.lists.award import hash_of_payments
from actions.lists.recommendation import hash_of_ranking
from actions.lookup import campaign_of
from actions.review.content import fingerprint_of
from actions.review.score_lines import facts_behind, titles
from actions.review.score_sheets import final_sheet, opinions_on, sheet_of
from actions.steps import subject_of
from records import audit
from records.dossiers.files import erased_at
from records.dossiers.uploads import uploads_of
from records.lists.ledger import entries_of
from records.lists.lists import payments_of
from records.lists.recommendations import ranking_shown
from records.people import people
from records.review.blindness import sealed_from
from records.review.gates import decisions_on, gates_of, newest_named
from records.review.scores import final_score, newest_sheet, sheet_digest, visit_digest
from records.review.visits import visits_to
from records.store import Session, Store
from records.tables.campaign import CampaignRow, VillageRow
from records.tables.dossiers import UploadRow
from records.tables.people import PersonRow
from records.tables.review import GateRow, ScoreRow
from rules.campaign.campaign import ROLES, Campaign
from rules.campaign.rule_words import rule_in_words
from rules.campaign.scoring import ScoreSheet, fact_keys
from rules.campaign.scoring_words import rounded
from rules.people.rights import Place, may
from rules.refusals import Refused
from rules.review.explanation import ExplainedFact, ExplainedLine, Explanation, Link, digest_of
from rules.review.gates import outcome
from rules.review.parties import ALL, PARTIES, SAID_AT, Eyes, parties_seen
from rules.review.reconciliation import disputes, indicators, reconciled
from workbooks.layout import FIRST_ROW, SCORE_COLUMNS, column_of, score_rows

NO_DOSSIER = Refused("no_dossier", "该社区(村)还没有校验通过的材料，没有可以说明的得分。")
SEALED = "复审正在独立进行，办结前不显示与之有关的评分和决定。"
ERASED = "材料原件已按保存期限删除，数据以入库时的记录为准，不能重新读取。"
OTHER_RULES = "活动按第{was}版规则启动，现按第{now}版重算。"


@dataclass(frozen=True, slots=True)
class Looked:
    """What the links are made from."""

    session: Session
    campaign: Campaign
    village: VillageRow
    upload: UploadRow
    seen: tuple[str, ...]
    """The parties whose sheets whoever looks may see."""
    noted: tuple[tuple[str, str, dict[str, Any]], ...]
    """(act, actor, facts) of every entry of the audit log about the village, the oldest first."""

    def note(self, act: str, **facts: object) -> dict[str, Any] | None:
        """The newest entry of an act with these facts."""
        found = (
            one
            for done, _, one in reversed(self.noted)
            if done == act and all(one.get(name) == value for name, value in facts.items())
        )
        return next(found, None)


def explain(store: Store, *, campaign_id: str, village_code: str, reader: str = "") -> Explanation | Refused:
    """Everything that led to a village's result, as person ``reader`` may know it now; without one, as anybody may."""
    with store.reading() as session:
        looked = _look(session, campaign_id, village_code, reader)
        if isinstance(looked, Refused):
            return looked
        gone = erased_at(session, looked.upload.blob_id)
    anew = None if gone else _read_anew(store, looked.upload)
    with store.reading() as session:
        again = _look(session, campaign_id, village_code, reader)
        assert not isinstance(again, Refused)
        return Explanation(
            campaign_id=campaign_id,
            village_code=village_code,
            place=f"{again.campaign.town(again.village.town_code).name}{again.village.name}",
            links=tuple(one for part in PARTS for one in part(again, anew)),
            lines=tuple(_lines(again)),
            notes=tuple(_notes(again, erased=gone is not None)),
        )


def _look(session: Session, campaign_id: str, code: str, by: str) -> Looked | Refused:
    village = session.get(VillageRow, (campaign_id, code))
    if village is None:
        return Refused("no_such_village", f"活动中没有代码为{code}的社区(村)，请核对代码。")
    accepted = uploads_of(session, village, state="accepted")
    if not accepted:
        return NO_DOSSIER
    subject = subject_of(campaign_id, code)
    entries = [one for one in audit.entries(session, about=code) if one.subject == subject]
    return Looked(
        session,
        campaign_of(session, campaign_id),
        village,
        accepted[-1],
        _seen(session, subject, by),
        tuple((one.act, one.actor, json.loads(one.facts)) for one in entries),
    )


def _seen(session: Session, subject: str, by: str) -> tuple[str, ...]:
    about = [one for one in gates_of(session, subject.partition("/")[0]) if one.subject == subject]
    second, row = newest_named("second_review", about), session.get(PersonRow, by) if by else None
    oversees = row is not None and row.active and may("board.read", people.as_rule(row), Place())
    blind = row is None or subject in sealed_from(session, by)
    eyes = Eyes.BLIND if blind else Eyes.OVERSEER if oversees else Eyes.ASKED
    return parties_seen("desk_review", open_=False, second=second.state if second else "", eyes=eyes)


@dataclass(frozen=True, slots=True)
class Anew:
    """A dossier read once more: the hash of its bytes, and what they say."""

    sha256: str
    facts: Mapping[str, str]


def _read_anew(store: Store, upload: UploadRow) -> Anew:
    data = read_upload(store, upload.id)[1]
    understood = examine_upload(store, upload_id=upload.id)
    facts = {key: str(value) for key, value in understood.facts.items()}
    return Anew(hashlib.sha256(data).hexdigest(), facts)


def _notes(looked: Looked, *, erased: bool) -> Iterator[str]:
    was = looked.session.get_one(CampaignRow, looked.campaign.id).rules_version
    if was != RULES_VERSION:
        yield OTHER_RULES.format(was=was, now=RULES_VERSION)
    if erased:
        yield ERASED
    if looked.seen != ALL:
        yield SEALED


# --- the links -----------------------------------------------------------------------------------


def _rules(looked: Looked, _: Anew | None) -> Iterator[Link]:
    """The configuration with which the campaign was opened, as the log noted it then."""
    row = looked.session.get_one(CampaignRow, looked.campaign.id)
    opened = [
        json.loads(one.facts) for one in audit.entries(looked.session, about=row.id, act="open_campaign")
    ]
    noted = next((str(one["sha256"]) for one in reversed(opened) if "sha256" in one), "")
    stored = hashlib.sha256(row.frozen.encode()).hexdigest()
    said = f"{looked.campaign.scheme.id}，认定线{rounded(looked.campaign.scheme.pass_line)}分"
    yield Link("rules", "评价指标与规则", said, ROLES["coordinator"], row.opened_at, stored, noted)


def _upload(looked: Looked, anew: Anew | None) -> Iterator[Link]:
    upload = looked.upload
    noted = looked.note("hand_in", version=upload.version)
    role, said = _role(looked, upload.filed_by), f"第{upload.version}版，{upload.rows}人"
    read = anew.sha256 if anew else str(noted["sha256"]) if noted else ""
    yield Link("upload", "文件指纹", said, role, upload.received_at, upload.sha256, read)
    logged = str(noted["sha256"]) if noted else ""
    yield Link("upload", "上报记录", said, role, upload.received_at, upload.sha256, logged)


def _facts(looked: Looked, anew: Anew | None) -> Iterator[Link]:
    named, cells, upload = titles(looked.campaign), cells_of(looked.campaign), looked.upload
    role = _role(looked, upload.filed_by)
    for key in sorted({*upload.facts, *(anew.facts if anew else ())}):
        stored, read = upload.facts.get(key, ""), anew.facts.get(key, "") if anew else ""
        what = f"{named.get(key, key)}({cells.get(key, key)})"
        yield Link(
            "fact", what, stored, role, upload.checked_at, digest_of(stored), digest_of(read) if anew else ""
        )


def _scores(looked: Looked, _: Anew | None) -> Iterator[Link]:
    for party in (one for one in PARTIES if one in looked.seen):
        row = newest_sheet(looked.session, looked.upload, party)
        if row is None:
            continue
        role = "系统" if party == "final" else _role(looked, row.scored_by)
        made = _made_anew(looked, row)
        said = f"{rounded(Fraction(row.total))}分" + (
            f"，一票否决{'、'.join(row.vetoes)}" if row.vetoes else ""
        )
        what = f"{PARTIES[party]}评分表"
        anew = _worth(made) if made else ""
        yield Link("score", what, said, role, row.scored_at, _worth(_sheet_as_kept(row)), anew)
        noted = looked.note("score", party=party, content=sheet_digest(row)) or looked.note(
            "score", party=party
        )
        if noted and "content" in noted:
            kept = str(noted["content"])
            yield Link("score", f"{what}的修改和理由", said, role, row.scored_at, sheet_digest(row), kept)


def _made_anew(looked: Looked, row: ScoreRow) -> ScoreSheet | None:
    """What a sheet adds up to by the frozen rules; None for a ruling on opinions that are no more."""
    session, campaign, upload = looked.session, looked.campaign, looked.upload
    if row.party == "final":
        return final_sheet(session, campaign, upload)
    if row.party != "ruling":
        return sheet_of(campaign, upload, row.adjustments)
    held = opinions_on(session, campaign, upload)
    ruled = {key: Fraction(value) for key, value in row.adjustments.items()}
    if held.second is None:
        return None
    open_ = {one.id for one in disputes(campaign.scheme, held.first, held.second)}
    return reconciled(campaign.scheme, held.first, held.second, ruled) if open_ <= ruled.keys() else None


@dataclass(frozen=True, slots=True)
class Kept:
    """The numbers of a score sheet, as text."""

    points: Mapping[str, str]
    total: str
    part_a: str
    vetoes: tuple[str, ...]


def _sheet_as_kept(row: ScoreRow) -> Kept:
    points = {key: str(line[0]) for key, line in row.lines.items()}
    return Kept(points, row.total, row.part_a, tuple(row.vetoes))


def _worth(sheet: ScoreSheet | Kept) -> str:
    if isinstance(sheet, ScoreSheet):
        points = {line.indicator_id: str(line.points) for line in sheet.lines}
        sheet = Kept(points, str(sheet.total), str(sheet.first_part), sheet.vetoes)
    return digest_of([dict(sheet.points), sheet.total, sheet.part_a, list(sheet.vetoes)])


def _visits(looked: Looked, _: Anew | None) -> Iterator[Link]:
    for row in visits_to(looked.session, looked.campaign.id, looked.village.code):
        noted = looked.note("visit", content=visit_digest(row)) or looked.note("visit")
        kept = str(noted["content"]) if noted and "content" in noted else ""
        said = f"{len(row.adjustments)}项与申报不一致"
        role = _role(looked, row.visited_by)
        yield Link("visit", "现场核查记录", said, role, row.visited_at, visit_digest(row), kept)


def _gates(looked: Looked, _: Anew | None) -> Iterator[Link]:
    subject = subject_of(looked.campaign.id, looked.village.code)
    for gate in gates_of(looked.session, looked.campaign.id):
        if gate.subject == subject and SAID_AT.get(gate.name, "town") in looked.seen:
            yield from _gate(looked, gate)


def _gate(looked: Looked, gate: GateRow) -> Iterator[Link]:
    plan = looked.campaign.gate(gate.name)
    what, made = f"{plan.title}第{gate.attempt}次", decisions_on(looked.session, gate)
    noted = looked.note(f"open_gate:{gate.name}", attempt=gate.attempt)
    asked = str(noted["content"]) if noted else ""
    yield Link(
        "gate",
        f"{what}所依据的内容",
        gate.content_hash[:12],
        "系统",
        gate.opened_at,
        gate.content_hash,
        asked,
    )
    final = final_score(looked.session, looked.village)
    if gate.name == "recognition" and gate.state != "superseded" and final is not None:
        now = fingerprint_of(looked.upload, final)
        yield Link(
            "gate",
            f"{what}与核定评分表",
            gate.content_hash[:12],
            "系统",
            gate.opened_at,
            gate.content_hash,
            now,
        )
    if gate.state == "closed":
        listed = dict(plan.answers)
        given = {one.seat: one.answer for one in made}
        come = outcome(plan, given) if listed.keys() >= {*given.values()} else "未列明的意见"
        said = listed.get(gate.answer or "", str(gate.answer))
        yield Link(
            "gate", f"{what}的结果", said, "系统", gate.closed_at, digest_of(gate.answer), digest_of(come)
        )
    for one in made:
        kept = {"answer": one.answer, "reason": one.reason, "content": one.seen_hash, "seat": one.seat}
        act = "record_by_phone" if one.recorded_by else "decide"
        log = looked.note(act, gate=gate.name, attempt=gate.attempt, seat=one.seat)
        anew = digest_of({name: log.get(name) for name in kept}) if log else ""
        said = dict(plan.answers).get(one.answer, one.answer) + (f"：{one.reason}" if one.reason else "")
        role = _role(looked, one.person_id)
        yield Link("decision", f"{what}·{one.seat}", said, role, one.decided_at, digest_of(kept), anew)
        who = _actor(looked, act, gate, one.seat)
        by = one.recorded_by or one.person_id
        yield Link("decision", f"{what}·{one.seat}由谁作出", role, role, one.decided_at, digest_of(by), who)


def _actor(looked: Looked, act: str, gate: GateRow, seat: str) -> str:
    """The digest of whom the log names as the one who acted; empty where it knows of no such act."""
    wanted = {"gate": gate.name, "attempt": gate.attempt, "seat": seat}
    found = [
        actor
        for done, actor, facts in looked.noted
        if done == act and all(facts.get(name) == value for name, value in wanted.items())
    ]
    return digest_of(found[-1]) if found else ""


def _rank(looked: Looked, _: Anew | None) -> Iterator[Link]:
    if "final" not in looked.seen:
        return
    final = final_score(looked.session, looked.village)
    for gate in (one for one in gates_of(looked.session, looked.campaign.id) if one.name == "recommendation"):
        shown = ranking_shown(looked.session, gate)
        mine = next((row for row in shown if row.village_code == looked.village.code), None)
        if mine is None or gate.state == "superseded":
            continue
        said = (
            f"第{mine.rank}名，{'推荐' if mine.recommended else '不推荐'}，{rounded(Fraction(mine.total))}分"
        )
        hashed = hash_of_ranking(shown)
        yield Link(
            "rank", f"推荐名单第{gate.attempt}次", said, "系统", gate.opened_at, hashed, gate.content_hash
        )
        if final is not None:
            total = digest_of(str(Fraction(final.total)))
            yield Link("rank", "名单所用得分", said, "系统", gate.opened_at, digest_of(mine.total), total)


def _payment(looked: Looked, _: Anew | None) -> Iterator[Link]:
    if "final" not in looked.seen:
        return
    lists: dict[tuple[str, int], int] = {}
    for gate in (one for one in gates_of(looked.session, looked.campaign.id) if one.name == "award"):
        lines = payments_of(looked.session, gate)
        mine = [line for line in lines if line.village_code == looked.village.code]
        if not mine or gate.state == "superseded":
            continue
        said, hashed = "、".join(f"{line.yuan}元" for line in mine), hash_of_payments(lines)
        what = f"奖补清单{gate.subject.rpartition('/')[2]}第{gate.attempt}次"
        yield Link("payment", what, said, "系统", gate.opened_at, hashed, gate.content_hash)
        lists |= {(gate.content_hash, line.cause_id): line.yuan for line in mine}
    for row in entries_of(looked.session, looked.campaign.id):
        if row.village_code != looked.village.code:
            continue
        known = (row.document, row.cause_id) in lists
        anew = digest_of(lists[row.document, row.cause_id]) if known else digest_of("不在清单上")
        said = f"{row.payable_yuan}元"
        yield Link(
            "payment",
            f"奖补台账{row.level}",
            said,
            ROLES["finance"],
            row.decided_at,
            digest_of(row.payable_yuan),
            anew,
        )


PARTS: tuple[Callable[[Looked, Anew | None], Iterator[Link]], ...] = (
    _rules, _upload, _facts, _scores, _visits, _gates, _rank, _payment,
)  # fmt: skip


def _role(looked: Looked, person_id: str) -> str:
    row = looked.session.get(PersonRow, person_id)
    return "、".join(ROLES.get(role, role) for role in row.roles) if row else "系统"


# --- line by line --------------------------------------------------------------------------------


def cells_of(campaign: Campaign) -> dict[str, str]:
    """Fact -> where it stands in the dossier as it was issued: a cell of annex 1, or the roster that is counted."""
    column = chr(ord("A") + column_of(SCORE_COLUMNS, "value") - 1)
    sheet, roster = campaign.forms.sheet("scores"), campaign.forms.sheet("roster")
    rows = {row.key: f"{sheet} {column}{place}" for place, row in _placed(campaign)}
    by_fact = {one.numerator or one.id: rows[one.id] for one in indicators(campaign.scheme) if one.id in rows}
    counted = {one.key: f"{roster}计数" for one in campaign.forms.counts}
    survey = {one.key: campaign.forms.sheet("survey") for one in campaign.forms.survey}
    return {**survey, **by_fact, **rows, **counted}


def _placed(campaign: Campaign) -> Iterator[tuple[int, Any]]:
    return enumerate(score_rows(campaign.scheme, campaign.forms), FIRST_ROW)


def _lines(looked: Looked) -> Iterator[ExplainedLine]:
    campaign, named, cells = looked.campaign, titles(looked.campaign), cells_of(looked.campaign)
    sheets = {party: newest_sheet(looked.session, looked.upload, party) for party in looked.seen}
    read = fact_keys(campaign.scheme)
    for one in indicators(campaign.scheme):
        yield ExplainedLine(
            one.id,
            one.name,
            rule_in_words(one, named),
            tuple(
                ExplainedFact(named.get(key, key), looked.upload.facts.get(key, "0"), cells.get(key, ""))
                for key in facts_behind(one)
                if key in read
            ),
            {
                party: rounded(Fraction(row.lines[one.id][0]))
                for party, row in sheets.items()
                if row is not None and one.id in row.lines
            },
        )
