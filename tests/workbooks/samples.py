"""A village of the shipped campaign, its template, and a filling of synthetic people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from config.campaign_folder import campaign_folder, read_campaign
from rules.campaign.facts import item_key
from rules.dossiers.claims import score_key
from rules.dossiers.dossier import Cell, Value
from rules.dossiers.id_numbers import check_digit
from workbooks.template.fill import Filling
from workbooks.template.template import make_template

CAMPAIGN = read_campaign(campaign_folder("longquan-2020"))
VILLAGE = CAMPAIGN.villages[0]
TEMPLATE = make_template(CAMPAIGN, VILLAGE.code)


def id_number(n: int) -> str:
    start = f"331199{1970 + n % 30}0615{n % 998 + 1:03d}"
    return start + check_digit(start)


def person(n: int) -> dict[str, Value]:
    """Every roster column answered."""
    answers: dict[str, Value] = {
        column.key: column.choices[0] if column.choices else f"{column.key}{n}"
        for column in CAMPAIGN.forms.roster
    }
    return answers | {
        "seq": n + 1,
        "age": 40,
        "name": f"测试{n}",
        "id_number": id_number(n),
        "phone": "13800000000",
        "surveyed_on": date(2020, 10, 21),
        "registered_on": date(2020, 6, 1),
    }


def full(rows: int = 3) -> Filling:
    """An answer for every key of every annex."""
    scheme, forms = CAMPAIGN.scheme, CAMPAIGN.forms
    claims: dict[str, Value] = {score_key(one.id): 1.5 for one in scheme.indicators + scheme.bonus}
    for one in scheme.indicators + scheme.bonus:
        if one.kind == "checklist":
            claims |= {item_key(one, number): "是" for number in range(1, len(one.items) + 1)}
        elif not one.denominator:
            claims[one.id] = 2
    claims |= {veto.id: "否" for veto in scheme.vetoes}
    kinds: dict[str, Value] = {"integer": 7, "number": 80.5, "date": date(2020, 11, 10)}
    return Filling(
        roster=[person(n) for n in range(rows)],
        claims=claims,
        survey={field.key: kinds.get(field.kind, field.title) for field in forms.survey},
        recommendation={field.key: kinds.get(field.kind, field.title) for field in forms.recommendation},
    )


def values(cells: dict[str, Cell] | object) -> dict[str, Value]:
    assert isinstance(cells, Mapping)
    return {key: cell.value for key, cell in cells.items()}
