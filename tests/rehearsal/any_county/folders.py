"""Small campaign folders of counties that nobody has thought of, drawn by Hypothesis and written as files."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

from config.campaign_folder import campaign_folder

Plain = Any
GOOD = campaign_folder("yunxi-2026")
YAML = ("campaign.yaml", "calendar.yaml", "gates.yaml", "ladders.yaml", "indicators.yaml", "forms.yaml")
KINDS = ("text", "choice", "choices", "date", "integer")
FIELDS = ("text", "paragraph", "integer", "number", "date", "stamp")
BUREAU = (
    ("r", "reviewer", 6),
    ("l", "bureau_leader", 3),
    ("o", "coordinator", 2),
    ("f", "finance", 2),
    ("a", "auditor", 1),
)
HEAD = ("id", "name", "email", "roles", "town_code", "conflicts", "deputy")


class Loader(yaml.SafeLoader):
    """Dates stay text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if "timestamp" not in tag]
    for first, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@st.composite
def folders(draw: st.DrawFn) -> dict[str, str]:
    """File -> text."""
    pages: dict[str, Plain] = {
        file: yaml.load((GOOD / file).read_text(encoding="utf-8"), Loader=Loader) for file in YAML
    }
    tables = {}
    towns = draw(st.integers(1, 2))
    sizes = [draw(st.integers(1, 2)) for _ in range(towns)]
    total = sum(sizes)
    pages["campaign.yaml"] |= {
        "taking_part": total,
        "recognised_at_least": draw(st.integers(1, total)),
        "quota_upward": draw(st.integers(1, 3)),
        "award_policy": draw(st.sampled_from(["difference", "once"])),
        "correction_workdays": draw(st.integers(1, 4)),
        "visit_workdays": draw(st.integers(1, 8)),
        "awards": pages["campaign.yaml"]["awards"][: draw(st.integers(1, 2))],
    }
    for stage in pages["campaign.yaml"]["stages"]:
        stage["grace_days"] = draw(st.integers(0, 3))
        stage["weekend"] = draw(st.sampled_from(["keep", "earlier", "later"]))
    draw_gates(draw, pages["gates.yaml"]["gates"])
    draw_ladders(draw, pages["ladders.yaml"])
    draw_forms(draw, pages["forms.yaml"])
    draw_indicators(draw, pages["indicators.yaml"], pages["forms.yaml"])
    tables |= places(sizes, pages["campaign.yaml"]["recognised_at_least"])
    tables["people.csv"] = people(draw, towns)
    tables["ledger.csv"] = [("village_code", "year", "level", "yuan", "document")]
    texts = {file: yaml.safe_dump(page, allow_unicode=True, sort_keys=False) for file, page in pages.items()}
    return texts | {file: written(rows) for file, rows in tables.items()}


def draw_gates(draw: st.DrawFn, gates: list[Plain]) -> None:
    for gate in gates:
        seats = draw(st.integers(1, 2)) if gate["name"] == "desk_review" else len(gate["seats"])
        gate["seats"] = gate["seats"][:seats]
        gate["quorum"] = draw(st.integers(1, seats))
        gate["agree"] = draw(st.booleans())
        gate["workdays"] = draw(st.integers(1, 3))
        gate["ladder"] = draw(st.sampled_from(["office", "money"]))
    if draw(st.booleans()):
        gates[0]["answers"]["veto"] = "否决"


def draw_ladders(draw: st.DrawFn, page: Plain) -> None:
    for ladder in page["ladders"]:
        for rung in ladder["rungs"]:
            rung.pop("escalate", None)
            if ladder["name"] != "street" and draw(st.booleans()):
                rung["escalate"] = True


def draw_forms(draw: st.DrawFn, page: Plain) -> None:
    """More columns of every kind, some that hang on an answer, and fields of every kind."""
    for n in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(KINDS))
        column: Plain = {"key": f"more_{n}", "title": f"另列{n}", "kind": kind}
        column["need"] = draw(st.sampled_from(["required", "optional", "conditional"]))
        if kind in ("choice", "choices"):
            column["choices"] = ["甲", "乙", "丙"][: draw(st.integers(1, 3))]
        if column["need"] == "conditional":
            column["needed_when"] = draw(st.sampled_from([{"able": ["不能"]}, {"job": ["在业", "待业"]}]))
        page["roster"].insert(draw(st.integers(0, len(page["roster"]))), column)
    if not draw(st.booleans()):
        page["roster"] = [one for one in page["roster"] if one["key"] != "tags"]
        page["counts"] = [one for one in page["counts"] if "tags" not in one["where"]]
    for form in ("survey", "recommendation"):
        for n in range(draw(st.integers(0, 3))):
            field = {"key": f"{form}_{n}", "title": f"另项{n}", "kind": draw(st.sampled_from(FIELDS))}
            field["need"] = (
                "optional" if field["kind"] == "stamp" else draw(st.sampled_from(["required", "optional"]))
            )
            page[form].append(field)
    if draw(st.booleans()):
        page["survey"] += [{"key": key, "title": key, "kind": "integer"} for key in ("all", "these", "those")]
        page["sums"] = [
            {"total": "all", "plus": ["these", "jobs"], "minus": draw(st.sampled_from([[], ["those"]]))}
        ]


def draw_indicators(draw: st.DrawFn, page: Plain, forms: Plain) -> None:
    """Any of the sample's kinds, in one part or two; what remains makes up the whole."""
    counts = {one["key"] for one in forms["counts"]}
    possible = [
        one for one in page["indicators"] if {one.get("numerator"), one.get("denominator")} <= {*counts, None}
    ]
    chosen = draw(st.lists(st.sampled_from(range(len(possible))), min_size=1, unique=True))
    page["indicators"] = [possible[n] for n in sorted(chosen)]
    parts: dict[str, int] = {}
    for one in page["indicators"]:
        parts[one["part"]] = parts.get(one["part"], 0) + int(one["maximum"])
    whole = sum(parts.values())
    lines = sorted(draw(st.tuples(st.integers(0, whole), st.integers(0, whole))))
    page |= {
        "parts": {part: str(points) for part, points in parts.items()},
        "full_marks": str(whole),
        "pass_line": str(lines[0]),
        "recommend_line": str(lines[1]),
        "bonus": page["bonus"] if draw(st.booleans()) else [],
        "vetoes": page["vetoes"] if draw(st.booleans()) else [],
    }


def places(sizes: list[int], recognised: int) -> dict[str, list[tuple[str, ...]]]:
    towns: list[tuple[str, ...]] = [("code", "name", "aliases", "taking_part", "recognised")]
    villages: list[tuple[str, ...]] = [("code", "name", "town_code", "aliases", "predecessors")]
    for n, size in enumerate(sizes):
        code = f"3399011{n:02d}"
        towns.append((code, f"第{n}镇", "", str(size), str(min(size, recognised))))
        recognised -= min(size, recognised)
        villages += [(f"{code}{200 + m}", f"第{n}之{m}村", code, "", "") for m in range(size)]
    return {"towns.csv": towns, "villages.csv": villages}


def people(draw: st.DrawFn, towns: int) -> list[tuple[str, ...]]:
    """Enough reviewers for every seat; deputies where drawn."""
    rows: list[tuple[str, ...]] = []
    for n in range(towns):
        code = f"3399011{n:02d}"
        rows.append((f"c{n}", f"经办{n}", f"c{n}@example.invalid", "town_clerk", code, "", ""))
        rows.append((f"h{n}", f"分管{n}", f"h{n}@example.invalid", "deputy_head", code, "", ""))
    bureau = [
        ("r", "reviewer", 6),
        ("l", "bureau_leader", 3),
        ("o", "coordinator", 2),
        ("f", "finance", 2),
        ("a", "auditor", 1),
    ]
    for key, role, number in bureau:
        for n in range(number):
            deputy = f"{key}{(n + 1) % number}" if number > 1 and draw(st.booleans()) else ""
            rows.append((f"{key}{n}", f"{role}{n}", f"{key}{n}@example.invalid", role, "", "", deputy))
    return [HEAD, *rows]


def written(rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def write(texts: dict[str, str], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")
    return folder
