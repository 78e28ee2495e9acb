"""The read-back: ten lines at most, with the totals that count and every place that was tidied."""

from __future__ import annotations

from fractions import Fraction

from config.campaign_folder import campaign_folder, read_campaign
from rules.dossiers.checks.check import check, facts
from rules.dossiers.dossier import Finding
from rules.dossiers.read_back import MOST_LINES, read_back
from tests.rules.samples import ABLE, CAMPAIGN, cell, dossier, row

WHOSE = {"town_code": "331181101", "village_code": "331181101201"}


def test_read_back_tells_totals_points_vetoes_and_what_was_tidied() -> None:
    filed = dossier(
        (row(5), row(6, able=f"{ABLE} ")), survey={"able_total": cell(1, "C4", sheet="survey", formula="=1")}
    )

    told = read_back(CAMPAIGN, facts(CAMPAIGN, filed), check(CAMPAIGN, filed, **WHOSE), rows=2)

    assert [(one.title, one.text) for one in told] == [
        ("花名册", "读到2人"),
        ("人数", "有能力有意愿2人"),
        ("人数", "已就业2人"),
        ("人数", "高校毕业生0人"),
        ("人数", "就业高校毕业生0人"),
        ("得分", "第A部分19.5分，第B部分11分，加分4分，合计34.5分"),
        ("一票否决", "没有"),
        ("自动整理", "“附件2 花名册”able6；“附件3 调查表”C4"),
    ]


def test_read_back_leaves_remarks_to_the_findings() -> None:
    filed = dossier((row(5, able="说不清"),))
    found = check(CAMPAIGN, filed, **WHOSE)

    told = {one.title: one.text for one in read_back(CAMPAIGN, facts(CAMPAIGN, filed), found, rows=1)}

    assert {one.severity for one in found} - {"corrected"}
    assert told["自动整理"] == "没有"


def test_read_back_without_anything_tidied_or_with_a_veto_says_so() -> None:
    filed, warned = dossier(claims={"V2": "是"}), Finding("age_outside", "warning", "附件2 花名册", "D4", "")

    told = {one.title: one.text for one in read_back(CAMPAIGN, facts(CAMPAIGN, filed), (warned,), rows=2)}

    assert (told["一票否决"], told["自动整理"]) == ("弄虚作假", "没有")


def test_read_back_has_ten_lines_however_much_is_counted() -> None:
    campaign = read_campaign(campaign_folder("longquan-2020"))
    known = {one.key: Fraction(7) for one in campaign.forms.counts}

    assert len(read_back(campaign, known, (), rows=7)) <= MOST_LINES
