"""Open data of a finished campaign: villages and what they came to, no persons, as CSV with a data dictionary."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from actions.overview.backtest import finished
from records.campaign.villages import villages_of
from records.lists.ledger import entries_of
from records.lists.recommendations import ranking_of
from records.review.scores import final_score
from records.store import Session, Store
from rules.campaign.campaign import Campaign
from rules.campaign.scoring_words import rounded
from rules.campaign.states import TITLES
from rules.refusals import Refused
from rules.review.reconciliation import indicators
from rules.signs import for_csv

Field = tuple[str, str, str]
"""Name, type (Frictionless Table Schema), what it is."""

TABLES: Mapping[str, tuple[str, Sequence[Field]]] = {
    "villages": (
        "社区(村)和结果",
        (
            ("village_code", "string", "12位区划代码"),
            ("village", "string", "社区(村)名称"),
            ("town_code", "string", "乡镇(街道)代码"),
            ("town", "string", "乡镇(街道)名称"),
            ("result", "string", "结果"),
            ("total", "number", "核定总分，四舍五入到两位小数；没有核定评分的为空"),
            ("part_a", "number", "其中第一部分(基本数据)得分"),
            ("rank", "integer", "推荐名单上的名次；不在名单上的为空"),
            ("recommended", "boolean", "是否推荐上级认定"),
            ("awarded_yuan", "integer", "本活动奖补金额(元)，各级合计"),
        ),
    ),
    "scores": (
        "各指标核定得分",
        (
            ("village_code", "string", "12位区划代码"),
            ("indicator", "string", "指标编号"),
            ("name", "string", "指标名称"),
            ("maximum", "number", "满分"),
            ("points", "number", "核定得分，四舍五入到两位小数"),
        ),
    ),
    "ledger": (
        "奖补台账，各列与活动文件夹的 ledger.csv 相同",
        (
            ("village_code", "string", "12位区划代码"),
            ("year", "integer", "年份"),
            ("level", "string", "级别编号"),
            ("yuan", "integer", "金额(元)，追回为负数"),
            ("document", "string", "依据"),
        ),
    ),
}
"""Table -> its title and columns; the order of the rows is that of codes."""


def open_data(store: Store, *, campaign_id: str) -> dict[str, bytes] | Refused:
    """File -> its bytes: a CSV for each table, and ``datapackage.json`` (Frictionless) that explains them."""
    with store.reading() as session:
        campaign = finished(session, campaign_id)
        if isinstance(campaign, Refused):
            return campaign
        rows = {
            "villages": list(_villages(session, campaign)),
            "scores": list(_scores(session, campaign)),
            "ledger": list(_ledger(session, campaign)),
        }
    files = {f"{name}.csv": _csv(name, found) for name, found in rows.items()}
    return {**files, "datapackage.json": _dictionary(campaign, files)}


def _villages(session: Session, campaign: Campaign) -> Iterable[Sequence[object]]:
    ranked = {row.village_code: row for row in ranking_of(session, campaign.id)}
    paid: dict[str, int] = {}
    for entry in entries_of(session, campaign.id):
        paid[entry.village_code] = paid.get(entry.village_code, 0) + entry.payable_yuan
    for village in villages_of(session, campaign.id):
        final, place = final_score(session, village), ranked.get(village.code)
        yield (
            village.code,
            village.name,
            village.town_code,
            campaign.town(village.town_code).name,
            TITLES.get(("village", village.state), village.state),
            rounded(Fraction(final.total)) if final else "",
            rounded(Fraction(final.part_a)) if final else "",
            place.rank if place else "",
            "true" if place and place.recommended else "false",
            paid.get(village.code, 0),
        )


def _scores(session: Session, campaign: Campaign) -> Iterable[Sequence[object]]:
    for village in villages_of(session, campaign.id):
        final = final_score(session, village)
        for one in indicators(campaign.scheme):
            if final and one.id in final.lines:
                points = rounded(Fraction(final.lines[one.id][0]))
                yield village.code, one.id, one.name, rounded(one.maximum), points


def _ledger(session: Session, campaign: Campaign) -> Iterable[Sequence[object]]:
    for entry in entries_of(session, campaign.id):
        if entry.payable_yuan:
            document = f"{campaign.title}奖补清单{entry.document[:12]}"
            yield entry.village_code, entry.year, entry.level, entry.payable_yuan, document


def _csv(name: str, rows: Iterable[Sequence[object]]) -> bytes:
    written = io.StringIO()
    head = [column for column, _, _ in TABLES[name][1]]
    csv.writer(written, lineterminator="\n").writerows([head, *(map(for_csv, row) for row in rows)])
    return written.getvalue().encode("utf-8-sig")


def _dictionary(campaign: Campaign, files: Mapping[str, bytes]) -> bytes:
    package = {
        "profile": "tabular-data-package",
        "name": campaign.id,
        "title": f"{campaign.title}结果",
        "description": "社区(村)的核定得分、名次和奖补；不含任何个人信息。",
        "resources": [
            {
                "name": name,
                "title": title,
                "path": f"{name}.csv",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "bytes": len(files[f"{name}.csv"]),
                "hash": f"sha256:{hashlib.sha256(files[f'{name}.csv']).hexdigest()}",
                "schema": {
                    "fields": [
                        {"name": column, "type": kind, "description": told} for column, kind, told in columns
                    ],
                    "missingValues": [""],
                },
            }
            for name, (title, columns) in TABLES.items()
        ],
    }
    return json.dumps(package, ensure_ascii=False, indent=2).encode()
