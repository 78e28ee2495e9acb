"""What Prefect shows of a campaign beside its runs: pages of Markdown, with roles and never a person.

One page says how far each town is in each stage; one for every run says why it waits. They are read from the
rows anew each time; where they are shown, and when, is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from actions.lookup import campaign_of
from actions.overview.board import Board, Cell, Waiting, board
from actions.overview.counts import MEASURES
from actions.runs.wake import note_of
from actions.steps import split_subject
from notifications.wording import day_text
from records import audit
from records.campaign import campaigns
from records.runs import carriers
from records.store import Session, Store
from records.tables.runs import CarrierRow
from rules.campaign.campaign import Campaign
from rules.campaign.states import TITLES

DAYS_SHOWN = 6
ENDED = "已办结，无需操作。"
PARKED = "多次未能运行，已暂停并通知活动协调员。"
HOW_TO_DECIDE = (
    "作决定请用门户，或点 **Resume** 填邮件中的授权码。Cancel、Delete、Retry 不改变业务，会自动修复。"
)


@dataclass(frozen=True, slots=True)
class Page:
    """A page under a key of its own; ``run_id`` is the run beside which it stands, ``title`` its one sentence."""

    key: str
    run_id: str | None
    title: str
    text: str
    ended: bool = False
    """Nothing more to say: not worth a page that is not there yet."""


def pages(session: Session, campaign_id: str, *, now: datetime) -> list[Page]:
    """The progress of a campaign, then every run of it."""
    campaign, rows = campaign_of(session, campaign_id), carriers.of_campaign(session, campaign_id)
    shown = board(session, campaign_id, now)
    sentences = {(one.kind, one.subject): one.sentence for one in shown.sleepers}
    run_id = next((row.flow_run_id for row in rows if row.kind == "campaign"), None)
    title = f"{campaign.title}进度：{_under_way(shown)}"
    return [
        Page(key_of(campaign_id, "progress"), run_id, title, progress_text(campaign, shown)),
        *(_page(row, sentences.get((row.kind, row.subject), "")) for row in rows if _has_a_page(row)),
    ]


def key_of(*parts: str) -> str:
    """Lower-case letters, digits and dashes: all that Prefect takes."""
    return re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-")


def _has_a_page(row: CarrierRow) -> bool:
    """Not a run that has only begun: it will sleep in a moment, and say why."""
    return row.kind != "tick" and row.state != "new" and row.flow_run_id is not None


def _page(row: CarrierRow, sentence: str) -> Page:
    ended = row.state == "done"
    if ended or row.state == "parked":
        sentence = ENDED if ended else PARKED
    kind, (campaign_id, code) = row.kind, split_subject(row.subject)
    key = key_of(campaign_id, kind, code)
    return Page(key, row.flow_run_id, sentence + note_of(row), _why(row, sentence), ended)


def _why(row: CarrierRow, sentence: str) -> str:
    """The sentence clause by clause, what was refused, and how a gate is answered."""
    first, *others = sentence.rstrip("。").split("；")
    lines = [f"**{first}**", "\n".join(f"- {clause}" for clause in others)]
    lines += [f"> ⚠ {note_of(row)}" if note_of(row) else "", HOW_TO_DECIDE if row.gate_id else ""]
    return "\n\n".join(line for line in lines if line)


def progress_text(campaign: Campaign, shown: Board) -> str:
    """Stages, towns by stages, who has the ball, and what comes next."""
    today = day_text(shown.at.astimezone(campaign.zone).date())
    parts = [
        f"{today}。每格：已完成/应完成，“逾期”为过期未办，末尾是现在由谁办理。",
        _table(
            ("阶段", "状态", "开始", "截止", "应办", "已收", "逾期", "退回", "通过"), _stages(campaign, shown)
        ),
        "## 各乡镇(街道)",
        _table(("乡镇(街道)", *_columns(shown)), _towns(campaign, shown)),
        "## 现在由谁办理",
        _table(("角色", "待办", "其中逾期", "最早截止"), _holders(campaign, shown.waiting)),
        "## 接下来",
        _table(("日期", "事项"), _coming(campaign, shown)),
    ]
    return "\n\n".join(parts)


def _stages(campaign: Campaign, shown: Board) -> Iterable[Sequence[object]]:
    for line in shown.stages:
        opens, due = (at.astimezone(campaign.zone) for at in (line.opens_at, line.due_at))
        counts = line.counts
        yield (
            line.title, TITLES[("stage", line.state)], f"{opens:%m-%d}", f"{due:%m-%d}",
            counts.owed, counts.received, counts.late, counts.returned, counts.accepted,
        )  # fmt: skip


def _under_way(shown: Board) -> str:
    """One sentence about the stage under way."""
    line = next((line for line in shown.stages if line.state == "open"), None)
    if line is None:
        return "没有进行中的阶段。"
    counts = line.counts
    return f"“{line.title}”进行中，应办{counts.owed}，已收{counts.received}，通过{counts.accepted}，逾期{counts.late}。"


def _columns(shown: Board) -> list[str]:
    return [f"{line.title}<br>{MEASURES[line.name][0]}" for line in shown.stages]


def _towns(campaign: Campaign, shown: Board) -> Iterable[Sequence[object]]:
    for town in campaign.towns:
        yield (town.name, *(_cell(shown.cell(line.name, town.code)) for line in shown.stages))


def _cell(cell: Cell) -> str:
    if not cell.counts.owed:
        return "—"
    done = f"{getattr(cell.counts, MEASURES[cell.stage][1])}/{cell.counts.owed}"
    late = f"逾期{cell.counts.late}" if cell.waiting and cell.counts.late else ""
    return " ".join(part for part in (done, late, "、".join(cell.ball)) if part)


def _holders(campaign: Campaign, waiting: Sequence[Waiting]) -> Iterable[Sequence[object]]:
    for role in dict.fromkeys(one.role_title for one in waiting):
        held = [one for one in waiting if one.role_title == role]
        late = sum(one.late_workdays != 0 for one in held)
        yield role, len(held), late, day_text(held[0].due_at.astimezone(campaign.zone).date())


def _coming(campaign: Campaign, shown: Board) -> list[Sequence[object]]:
    """The next days on which anything is due, what comes first on each, and how much besides."""
    days: dict[str, list[str]] = {}
    for one in shown.dates:
        days.setdefault(day_text(one.at.astimezone(campaign.zone).date()), []).append(one.what)
    coming = [(day, what[0] if len(what) == 1 else f"{what[0]}等{len(what)}项") for day, what in days.items()]
    return list(coming[:DAYS_SHOWN])


def _table(titles: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [[str(cell) for cell in row] for row in rows] or [["—"] * len(titles)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (titles, ["---"] * len(titles), *lines))


class Showing:
    """The pages of every campaign that goes on or ended lately, looked at again only when anything happened."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._seen: object = None

    def look(self, *, now: datetime) -> list[Page]:
        """Every page as it should stand now; empty when none can differ from the last look."""
        with self._store.reading() as session:
            # Sentences count days and name the next reminder, so an hour changes them too.
            hour = now.replace(minute=0, second=0, microsecond=0)
            seen = (audit.head(session), carriers.count_wakes(session), hour)
            if seen == self._seen:
                return []
            found = [
                page
                for campaign_id in campaigns.shown_campaigns(session, now=now)
                for page in pages(session, campaign_id, now=now)
            ]
        self._seen = seen
        return found
