"""Every spelling of the table in a real workbook: accepted, named, and no stricter for the template's formulas."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rehearsal.people.workbooks import fill_dossier
from rules.dossiers.claims import slots
from rules.dossiers.dossier import Finding, Understood, Value
from rules.dossiers.tolerances import TOLERANCES, folded
from tests.workbooks.office import converted, needs_office
from tests.workbooks.raw import in_cell
from tests.workbooks.samples import CAMPAIGN, TEMPLATE, VILLAGE
from tests.workbooks.template.test_template import typed_by_hand
from workbooks.confined.examine import examine
from workbooks.read.dossier import read_dossier
from workbooks.read.sheet import letters
from workbooks.template.fill import fill

COLUMNS = {column.key: letters(n) for n, column in enumerate(CAMPAIGN.forms.roster, 1)}


def examined(data: bytes) -> Understood:
    return examine(data, campaign=CAMPAIGN, town_code=VILLAGE.town_code, village_code=VILLAGE.code)


def errors(understood: Understood) -> list[str]:
    return [one.message for one in understood.findings if one.severity == "error"]


def spellings() -> Iterator[tuple[str, str, str]]:
    """(roster column, typed, meant) of every sample that a column of the campaign may hold."""
    for column in CAMPAIGN.forms.roster:
        if column.kind in ("choice", "choices") and column.need != "automatic":
            for typed, meant in TOLERANCES[column.kind].samples:
                if set(meant.split("、")) <= set(column.choices):
                    yield column.key, typed, meant


def misspelt() -> tuple[bytes, list[str]]:
    """What a clerk types, each sample in some row whose meaning it does not change; and the cells."""
    filling = typed_by_hand()
    roster, cells = [dict(row) for row in filling.roster], list[str]()
    for key, typed, meant in spellings():
        for number, row in enumerate(roster):
            if folded(str(row.get(key))) == folded(meant) and row[key] == meant:
                row[key] = typed
                cells.append(f"{COLUMNS[key]}{number + 4}")
                break
    return fill(TEMPLATE, replace(filling, roster=roster)), cells


@needs_office
def test_spellings_in_a_roster_are_accepted_whatever_the_formulas_count(tmp_path: Path) -> None:
    data, cells = misspelt()

    understood = examined(converted(data, tmp_path, "xlsx:Calc MS Excel 2007 XML"))

    named = {one.ref for one in understood.findings if one.code in ("spelling_corrected", "text_corrected")}
    assert errors(understood) == []
    assert (len(cells) >= 5, set(cells) - named) == (True, set())
    assert [one.sheet for one in totals(understood)] == ["附件1 评价指标", "附件3 调查表", "附件4 推荐表"]


def totals(understood: Understood) -> list[Finding]:
    return sorted(
        (one for one in understood.findings if one.code == "totals_folded"), key=lambda one: one.sheet
    )


@needs_office
def test_spellings_in_annex_1_mean_the_same_to_the_templates_formulas(tmp_path: Path) -> None:
    """Words for yes, numbers kept as text: nothing has to be counted anew, for the formulas read the same table."""
    filling = typed_by_hand()
    yes = [typed for typed, meant in TOLERANCES["flag"].samples if meant == "是"]
    numbers = [typed.replace("36", "2").replace("３６", "２") for typed, _ in TOLERANCES["integer"].samples]
    claims: dict[str, Value] = dict(filling.claims)
    items = [one.key for one in slots(CAMPAIGN.scheme) if claims.get(one.key) == "是"]
    amounts = [one.key for one in slots(CAMPAIGN.scheme) if claims.get(one.key) == 2]
    claims |= {key: yes[n % len(yes)] for n, key in enumerate(items)}
    claims |= {
        key: numbers[n % len(numbers)] for n, key in enumerate(amounts) if "\u200b" not in numbers[n % 5]
    }

    understood = examined(
        converted(fill(TEMPLATE, replace(filling, claims=claims)), tmp_path, "xlsx:Calc MS Excel 2007 XML")
    )

    assert (errors(understood), totals(understood)) == ([], [])


@pytest.mark.parametrize(("key", "typed", "meant"), list(spellings()))
def test_spelling_in_a_dossier_whose_figures_are_right_is_only_told(key: str, typed: str, meant: str) -> None:
    good = fill_dossier(CAMPAIGN, VILLAGE.code, plot="good", version=1, seed=3, rows=(60, 60))
    dossier = read_dossier(good, CAMPAIGN)
    row = next((row for row in dossier.roster if row.cells[key].text == meant), None)  # type: ignore[union-attr]
    if row is None:
        pytest.skip("nobody in this roster answers so")
    ref = row.cells[key].ref

    understood = examined(with_text(good, ref, typed))

    assert understood.acceptable
    assert [one.ref for one in understood.findings if one.severity == "corrected"] in ([ref], [])
    assert understood.facts == examined(good).facts


def with_text(data: bytes, ref: str, text: str) -> bytes:
    return in_cell(data, ref, f' t="inlineStr"><is><t xml:space="preserve">{text}</t></is>')
