"""A receipt: what was handed in, when, what was understood of it, and what comes next. No person's number is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from rules.campaign.scheme import Indicator, Scheme
from rules.campaign.scoring_words import rounded

TITLES: Mapping[str, str] = {
    "received": "申报材料收件回执",
    "accepted": "申报材料校验通过回执",
    "returned": "申报材料收件回执(校验未通过)",
    "superseded": "申报材料收件回执(已被新版取代)",
    "withdrawn": "申报材料收件回执(已撤回)",
}
"""By the state of the upload."""

NEXT: Mapping[str, str] = {
    "received": "系统正在校验，结果会发邮件通知。是否按时以收件时间为准；本回执只说明材料已经收到，不代表通过校验。",
    "returned": "请按校验结果修改后，于{due}前重新上传。",
    "accepted": (
        "请核对以上内容，打印盖章后于{due}前报送纸质材料；随后进入核查认定。"
        "与实际不符的，请在审核开始前撤回并重新上报。"
    ),
    "superseded": "这一版已被后来的一版取代，不再计入；请以最新一版的回执为准。",
    "withdrawn": "这一版已撤回，不再计入。请修改后于{due}前重新上传。",
}
"""By the state of the upload: what comes next."""


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One indicator: points of how many, and how they came about."""

    indicator: str
    name: str
    maximum: str
    points: str
    how: str


@dataclass(frozen=True, slots=True)
class ReceiptPart:
    """One part of annex 1, or the bonus, with what its lines add up to."""

    title: str
    maximum: str
    points: str
    lines: tuple[ReceiptLine, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What the checks understood of an accepted dossier."""

    people: int
    parts: tuple[ReceiptPart, ...]
    total: str
    sum: str
    """``A部分40.00＋B部分30.00＋加分2.00＝72.00``."""
    vetoes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """Everything on the paper; moments in words and in the campaign's zone, ``checked`` empty before the checks."""

    campaign: str
    county: str
    town: str
    village: str
    village_code: str
    version: int
    state: str
    filed_by: str
    received: str
    late: bool
    checked: str
    size: int
    sha256: str
    forms_version: str
    scheme: str
    rules_version: str
    errors: int
    read: Read | None
    corrections: tuple[str, ...]
    audit_length: int
    audit_head: str
    next_step: str
    mark: str

    @property
    def title(self) -> str:
        return TITLES[self.state]

    @property
    def timeliness(self) -> str:
        return "逾期" if self.late else "按时"

    @property
    def number(self) -> str:
        return f"{self.village_code}-{self.version}"


def read_back(
    scheme: Scheme,
    *,
    people: int,
    lines: Mapping[str, Sequence[str]],
    total: Fraction,
    vetoes: Sequence[str],
) -> Read:
    """A town's own sheet as it adds up; ``lines`` are (exact points, how) by indicator."""
    names = list(dict.fromkeys(one.part for one in scheme.indicators))
    parts = [
        _part(f"{name}部分", [one for one in scheme.indicators if one.part == name], lines) for name in names
    ]
    sums = [f"{part.title}{part.points}" for part in parts]
    if scheme.bonus:
        bonus = _part("加分", scheme.bonus, lines, cap=scheme.bonus_cap)
        parts.append(bonus)
        sums.append(f"加分{bonus.points}")
    known = {veto.id: veto.name for veto in scheme.vetoes}
    return Read(
        people=people,
        parts=tuple(parts),
        total=rounded(total),
        sum=f"{'＋'.join(sums)}＝{rounded(total)}",
        vetoes=tuple(known.get(one, one) for one in vetoes),
    )


def _part(
    title: str,
    indicators: Sequence[Indicator],
    lines: Mapping[str, Sequence[str]],
    *,
    cap: Fraction | None = None,
) -> ReceiptPart:
    points = sum((Fraction(lines[one.id][0]) for one in indicators), Fraction(0))
    most = sum((one.maximum for one in indicators), Fraction(0))
    if cap is not None:
        points, most = min(points, cap), min(most, cap)
    return ReceiptPart(
        title, rounded(most), rounded(points), tuple(_line(one, lines[one.id]) for one in indicators)
    )


def _line(indicator: Indicator, told: Sequence[str]) -> ReceiptLine:
    points, how = told
    return ReceiptLine(
        indicator.id, indicator.name, rounded(indicator.maximum), rounded(Fraction(points)), how
    )
