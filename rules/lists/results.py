"""How far a village has come: the county's recognition, results from above, what was withdrawn or is awaited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rules.campaign.campaign import AwardLevel, Campaign
from rules.refusals import Refused
from rules.signs import says_nothing

RESULTS: Mapping[str, str] = {"recognised": "认定", "refused": "未认定", "withdrawn": "取消称号"}
"""What a level above says about a village, and what may be said later about any level."""
MONEY: Mapping[str, str] = {"recovery": "追回", "correction": "更正"}
"""What moves money without a result; a withdrawn title recovers all that its level gave."""
KINDS: Mapping[str, str] = {**RESULTS, **MONEY}
ROW_KINDS: Mapping[str, str] = {
    "recognised": "payment",
    "refused": "payment",
    "withdrawn": "withdrawal",
    "recovery": "recovery",
    "correction": "correction",
}
"""What a row of the ledger is, by the cause that it comes from."""
LEDGER_KINDS: Mapping[str, str] = {
    "recognised": "payment",
    "refused": "payment",
    "withdrawn": "recovery",
    "recovery": "recovery",
    "correction": "correction",
}
"""What kind of ledger row follows from it; a refusal by the level above lets the county's own be paid."""


LONGEST_DOCUMENT, LONGEST_REASON = 200, 2000


def refuse_paper(document: str, reason: str, dated: date, *, year: int, today: date) -> Refused | None:
    """Why this is no document that an entry can go back to: unnamed, too long, or older than the campaign."""
    if says_nothing(document) or len(document) > LONGEST_DOCUMENT:
        return Refused("no_document", f"请写明所依据的文件及文号，不超过{LONGEST_DOCUMENT}个字。")
    if len(reason) > LONGEST_REASON:
        return Refused("long_reason", f"理由超过{LONGEST_REASON}个字，请写得简短些。")
    if dated > today:
        return Refused("future_document", "文件日期晚于今天，请核对。")
    if dated.year < year:
        return Refused("old_document", f"文件日期早于本次活动的{year}年，请核对年份。")
    return None


def refuse_amount(kind: str, yuan: int, *, paid: int, foreseen: int, most: int) -> Refused | None:
    """Why this amount cannot be entered: a result has none, and nobody pays back what is paid back already.

    ``foreseen`` is what is left of ``paid`` once all that was entered before is decided, ``most`` by how much
    more may be paid.
    """
    if kind not in MONEY:
        return Refused("no_amount", f"登记“{KINDS[kind]}”不填金额，金额由奖补标准得出。") if yuan else None
    entered = f"(已奖补{paid}元，其中{paid - foreseen}元已登记追回、更正)" if foreseen != paid else ""
    if kind == "recovery" and not 0 < yuan <= foreseen:
        if foreseen <= 0:
            return Refused("too_much", f"没有可以追回的奖补{entered}，请核对是否已经登记过。")
        return Refused("too_much", f"追回金额须在1元至已奖补的{foreseen}元之间{entered}。")
    if kind == "correction" and (yuan == 0 or not -foreseen <= yuan <= most):
        return Refused(
            "too_much",
            f"更正金额须在-{foreseen}元至{most}元之间{entered}，且不为0，合计不得超过最高一级的奖补标准。",
        )
    return None


@dataclass(frozen=True, slots=True)
class Cause:
    """A result from above, a withdrawn title, a recovery or a correction; ``yuan`` changes what was paid."""

    id: int
    level: str
    kind: str
    yuan: int = 0


def newest(campaign: Campaign, causes: Iterable[Cause]) -> dict[str, Cause]:
    """Level -> the result that counts: a later one replaces what was said before, and a title that is withdrawn
    whatever had been said about the levels above it, which has to be said anew."""
    levels = [award.level for award in campaign.awards]
    said: dict[str, Cause] = {}
    for cause in sorted(causes, key=by_age):
        if cause.kind not in RESULTS:
            continue
        if cause.kind == "withdrawn":
            above = levels[levels.index(cause.level) + 1 :]
            said = {
                level: one for level, one in said.items() if level not in above or one.kind == "withdrawn"
            }
        said[cause.level] = cause
    return said


def by_age(cause: Cause) -> int:
    return cause.id


def reached(campaign: Campaign, causes: Iterable[Cause]) -> tuple[AwardLevel, ...]:
    """Levels that a village holds which the county recognised; whoever loses one loses what was above it."""
    said = newest(campaign, causes)
    held: list[AwardLevel] = []
    for number, award in enumerate(campaign.awards):
        result = said.get(award.level)
        if result is not None and result.kind == "withdrawn":
            break
        if number == 0 or (result is not None and result.kind == "recognised"):
            held.append(award)
    return tuple(held)


def awaited(campaign: Campaign, causes: Iterable[Cause], *, put_forward: bool) -> AwardLevel | None:
    """The level whose result is still to come; None for who is not put forward, was refused, or is at the top.

    ``put_forward`` says whether the county recommended the village, or has not decided about it yet.
    """
    causes = tuple(causes)
    held, said = reached(campaign, causes), newest(campaign, causes)
    if not held or not put_forward:
        return None
    above = campaign.awards[campaign.awards.index(held[-1]) + 1 :]
    return next((award for award in above[:1] if award.level not in said), None)
