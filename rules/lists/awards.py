"""The award ledger's arithmetic: paid once, at the highest level, never twice (notice, section four)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rules.campaign.campaign import AwardLevel, Campaign, Paid, Village
from rules.lists.results import KINDS, Cause, reached


@dataclass(frozen=True, slots=True)
class Payment:
    """One line of a payment list, in yuan: paid before, to pay now (less than nothing is recovered), and why
    it is not the whole award. ``cause_id`` names the result, recovery or correction that it comes from.
    """

    village_code: str
    paid_before: int
    yuan: int
    note: str
    cause_id: int = 0


@dataclass(frozen=True, slots=True)
class Booked(Paid):
    """A row of the ledger with where it comes from: the campaign (empty: before this database knew any), and what
    kind of row it is: payment, withdrawal (of a title), recovery or correction."""

    campaign_id: str = ""
    kind: str = "payment"


@dataclass(frozen=True, slots=True)
class Balance:
    """In yuan: what a village was given for its titles, and how much of that it still has; never below nothing.

    A recovery takes back what was given and gives no claim to it again: a higher title pays no more for it.
    """

    given: int
    kept: int


def balance(counted: Iterable[Paid]) -> Balance:
    """Of the payments that count."""
    recovered = given = 0
    for paid in counted:
        if kind_of(paid) == "recovery":
            recovered += paid.yuan
        else:
            given += paid.yuan
    return Balance(max(0, given), max(0, given + recovered))


def kind_of(paid: Paid) -> str:
    return paid.kind if isinstance(paid, Booked) else "payment"


def difference(level_yuan: int, paid_so_far: int) -> int:
    return level_yuan - paid_so_far


def once(level_yuan: int, paid_so_far: int) -> int:
    return level_yuan if paid_so_far <= 0 else 0


POLICIES: Mapping[str, Callable[[int, int], int]] = {
    "difference": difference,
    "once": once,
    "wait": once,
}
"""Three readings of "一次性、从高不重复" (domain 4.1): a higher level pays the difference; nothing is
ever topped up; one payment after every level's result is known."""


def payable(policy: str, level_yuan: int, paid_so_far: int, *, results_final: bool = True) -> int:
    """Yuan to pay now for the highest level reached; never negative.

    Under ``wait`` nothing is paid until the results of every level are final.
    """
    if policy == "wait" and not results_final:
        return 0
    return max(0, POLICIES[policy](level_yuan, paid_so_far))


def payment(
    campaign: Campaign,
    village: Village,
    level: str,
    *,
    ledger: Iterable[Paid],
    results_final: bool | None = None,
    cause_id: int = 0,
) -> Payment:
    """What the village gets now for ``level``, after all that ``ledger`` says it was paid.

    ``results_final`` says whether no result is awaited any more; unsaid, only the highest level is final.
    """
    if results_final is None:
        results_final = campaign.award(level) == highest(campaign.awards)
    counted = paid_to(ledger, village, since=campaign.paid_since)
    before = balance(counted).given
    yuan = payable(campaign.award_policy, campaign.award(level).yuan, before, results_final=results_final)
    waits = campaign.award_policy == "wait" and not results_final
    note = "待各级认定结果确定后一次发放" if waits else why(campaign, counted, yuan)
    return Payment(village.code, before, yuan, note, cause_id)


def changed(
    campaign: Campaign, village: Village, cause: Cause, *, causes: Iterable[Cause], ledger: Iterable[Paid]
) -> Payment:
    """What a withdrawn title, a recovery or a correction moves; never below nothing, nor above what is due.

    It is the same whichever of several is decided first: each level has a list of its own.
    """
    counted, held = paid_to(ledger, village, since=campaign.paid_since), reached(campaign, causes)
    now, most = balance(counted), max((level.yuan for level in held), default=0)
    wanted = -given_beyond(campaign, held, counted) if cause.kind == "withdrawn" else cause.yuan
    yuan = max(wanted, -now.kept) if wanted < 0 else min(wanted, max(0, most - now.given))
    return Payment(village.code, now.kept, yuan, KINDS[cause.kind], cause.id)


def given_beyond(campaign: Campaign, held: Collection[AwardLevel], counted: Sequence[Paid]) -> int:
    """What this campaign gave for levels that the village does not hold any more: all of it, unless no payment stands
    in the ledger for what it holds; then one that was made for all levels keeps the part of that.
    """
    kept = {award.level for award in held}
    own = [one for one in counted if isinstance(one, Booked) and one.campaign_id == campaign.id]
    gave = sum(paid.yuan for paid in own if paid.level not in kept and paid.kind != "recovery")
    below = sum(paid.yuan for paid in counted if paid.level in kept and kind_of(paid) == "payment")
    most = max((award.yuan for award in held), default=0)
    return max(0, gave - max(0, most - below))


def in_words(title: str, lines: Sequence[Payment]) -> str:
    """What a list of a level asks for, in Chinese: to pay, to take back, or both."""
    back = [line for line in lines if line.yuan < 0]
    paid = [line for line in lines if line.yuan >= 0]
    pays = f"{title}奖补{len(paid)}个社区(村)，共{sum(line.yuan for line in paid)}元" if paid else ""
    takes = f"追回{title}奖补{len(back)}个社区(村)，共{-sum(line.yuan for line in back)}元" if back else ""
    return "；".join(part for part in (pays, takes) if part)


def paid_to(ledger: Iterable[Paid], village: Village, *, since: int = 0) -> tuple[Paid, ...]:
    """Payments from the year ``since`` on to the village and to those it was before or took in."""
    return tuple(paid for paid in ledger if paid.village_code in village.codes and paid.year >= since)


def why(campaign: Campaign, counted: tuple[Paid, ...], yuan: int) -> str:
    """In Chinese, what earlier payments did to this one; empty when there are none."""
    if not counted:
        return ""
    titles = {award.level: award.title for award in campaign.awards}
    listed = "、".join(
        f"{paid.year}年{titles.get(paid.level, paid.level)}{'追回' if paid.yuan < 0 else ''}{abs(paid.yuan)}元"
        for paid in counted
    )
    when = "以前年度已奖补" if all(paid.year < campaign.year for paid in counted) else "已奖补"
    result = "本次补差额" if yuan else "从高不重复，本次不再奖补"
    return f"{when}({listed})，{result}"


def highest(levels: Iterable[AwardLevel]) -> AwardLevel | None:
    """The best paid of the levels reached ("从高"), None when there is none."""
    return max(levels, key=lambda level: level.yuan, default=None)
