"""Five years of money: villages that merge, are recognised, rise, lose titles and pay back, by the real acts.

Part four of the notice must hold after each act, whatever the order: once, at the highest level, never twice. What
was paid to a village is reckoned here by itself, from what was done to the villages, not from the folders.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from actions.campaign import lifecycle
from actions.lists import award
from actions.lists.results import Entry, enter_results
from actions.review import decisions
from records.copies.in_memory import InMemoryStore
from records.review.gates import latest_gate
from records.runs import carriers
from records.sealing.vault import Vault
from records.tables.campaign import CampaignRow, VillageRow
from records.tables.dossiers import BlobRow
from records.tables.lists import DocumentRow, RecommendationRow
from records.tables.review import GateRow
from rehearsal.model.choices import Choices
from rehearsal.model.histories import in_batches
from rehearsal.model.starts import usual
from rules.campaign.calendar import Calendar
from rules.campaign.campaign import Campaign, Village
from rules.lists.awards import POLICIES
from rules.lists.results import KINDS
from rules.lists.results import MONEY as MONEY_KINDS
from rules.refusals import Refused

FIRST, YEARS = 2020, 5
BYTES = 160
TOWN = "331181100"
ACTS_A_YEAR = 6
MONEY = (1000, 5000, 10000, 20000)
CHINA = ZoneInfo("Asia/Shanghai")


class Overpaid(AssertionError):
    """What does not hold, and the story that led there."""


@lru_cache(maxsize=1)
def blank() -> tuple[InMemoryStore, bytes]:
    store = InMemoryStore(vault=Vault(bytes(32)), home=Path())
    return store, store.keep()


@dataclass
class Purse:
    """``ancestors`` of each code, ``done`` what was done, ``seen`` how many ledger rows were looked at."""

    store: InMemoryStore
    policy: str
    villages: list[Village] = field(default_factory=list)
    campaigns: list[Campaign] = field(default_factory=list)
    ancestors: dict[str, frozenset[str]] = field(default_factory=dict)
    paid: Counter[str] = field(default_factory=Counter)
    """What each still has."""
    recovered: Counter[str] = field(default_factory=Counter)
    """What was taken back for good: no title pays it again."""
    story: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    seen: int = 0

    def kin(self, code: str) -> frozenset[str]:
        heirs = {other for other, old in self.ancestors.items() if code in old}
        return self.ancestors[code] | heirs | {code}


def play_money(drawn: bytes, done: Counter[str]) -> None:
    """One history; raises ``Overpaid`` with its story as soon as something does not hold."""
    store, empty = blank()
    store.put_back(empty)
    pick = Choices(drawn)
    purse = Purse(store, pick.one(sorted(POLICIES)))
    for number in range(3):
        settle_down(purse, f"{TOWN}20{number}", ())
    for year in range(FIRST, FIRST + YEARS):
        if year > FIRST:
            change_map(purse, pick, year)
        begin_year(purse, pick, year)
        for _ in range(ACTS_A_YEAR):
            act = pick.one(ACTS)
            act(purse, pick, year)
            look_at_ledger(purse)
    done += purse.done


# --- what happens ------------------------------------------------------------------------------------


def settle_down(purse: Purse, code: str, old: tuple[str, ...]) -> None:
    purse.villages = [one for one in purse.villages if one.code not in old]
    purse.villages.append(Village(code, f"村{code[-4:]}", TOWN, predecessors=old))
    purse.ancestors[code] = frozenset(old).union(*(purse.ancestors[one] for one in old))


def change_map(purse: Purse, pick: Choices, year: int) -> None:
    """Sometimes two villages become one, or one gets another code; the folder names only the last codes before."""
    codes = [one.code for one in purse.villages]
    how = pick.number(4)
    if how == 0 and len(codes) > 1:
        settle_down(purse, f"{TOWN}3{year % 100}", tuple(codes[:2]))
        purse.story.append(f"{year}: {codes[0]} and {codes[1]} merge")
    elif how == 1:
        settle_down(purse, f"{TOWN}3{year % 100}", (codes[-1],))
        purse.story.append(f"{year}: {codes[-1]} gets another code")
    purse.done["merger" if how == 0 else "new code" if how == 1 else "same map"] += 1


def begin_year(purse: Purse, pick: Choices, year: int) -> None:
    """A campaign opens, recognises and sends upward whom the bytes name, and its county award is proposed."""
    campaign = campaign_of_year(purse, year)
    now = at(year, 10)
    opened = lifecycle.open_campaign(
        purse.store, campaign=campaign, calendar=calendar_until(year + 1), by="operator", now=now
    )
    assert opened == campaign.id, opened
    purse.campaigns.append(campaign)
    recognised = [one.code for one in campaign.villages if not pick.rarely(25)]
    sent = [code for code in recognised if not pick.rarely(25)]
    with purse.store.writing() as session:
        for code in recognised:
            session.get_one(VillageRow, (campaign.id, code)).state = "recognised"
        session.get_one(CampaignRow, campaign.id).closed_at = now
        blob = BlobRow(sealed=b"", about="")
        gate = GateRow(
            campaign_id=campaign.id, name="recommendation", version=1, attempt=1, subject=campaign.id, town_code="",
            village_code="", content_hash="", carrier_kind="recommendation", carrier_subject=campaign.id,
            opened_at=now, due_at=now, state="closed", answer="approve", closed_at=now,
        )  # fmt: skip
        session.add_all((blob, gate))
        session.flush()
        session.add_all(
            RecommendationRow(gate_id=gate.id, village_code=code, rank=rank, total="95", recommended=True)
            for rank, code in enumerate(sent, 1)
        )
        session.add(
            DocumentRow(
                key=f"{campaign.id}:recommendation", campaign_id=campaign.id, title="", blob_id=blob.id, sha256="",
                made_at=now, gate_id=gate.id,
            )
        )  # fmt: skip
        for level in campaign.awards:
            carriers.enlist(
                session, kind="award", subject=f"{campaign.id}/{level.level}", campaign_id=campaign.id, label="",
                tags=[], at=now,
            )  # fmt: skip
        for one in carriers.of_campaign(session, campaign.id):
            one.state = "done"
    purse.story.append(f"{year}: recognised {recognised}, sent upward {sent}, policy {purse.policy}")


@lru_cache(maxsize=1)
def small() -> Campaign:
    """What nobody asks about here is left out: a campaign is read anew for every map of villages."""
    plan = usual()
    forms = replace(plan.forms, roster=(), survey=(), recommendation=(), counts=(), ages=(), sums=())
    people = tuple(one for one in plan.people if one.id in ("coordinator-1", "leader-1", "finance-1"))
    return replace(
        plan, forms=forms, scheme=replace(plan.scheme, indicators=(), bonus=(), vetoes=()),
        people=tuple(replace(one, deputy="") for one in people), gates=(plan.gate("award"),),
        towns=(plan.town(TOWN),), ladders=(plan.ladder("bureau"),), duty_ladders=(("gate", "bureau"),), ledger=(),
    )  # fmt: skip


@lru_cache(maxsize=256)
def made(villages: tuple[Village, ...], year: int, policy: str) -> Campaign:
    plan = small()
    stages = tuple(
        replace(one, opens=one.opens.replace(year=year), due=one.due.replace(year=year))
        for one in plan.stages
    )
    return replace(
        plan, id=f"county-{year}", year=year, villages=villages, award_policy=policy, stages=stages,
        survey_day=date(year, 10, 23), taking_part=len(villages),
    )  # fmt: skip


def campaign_of_year(purse: Purse, year: int) -> Campaign:
    return made(tuple(purse.villages), year, purse.policy)


def calendar_until(year: int) -> Calendar:
    return Calendar(frozenset(), frozenset(), date(year, 12, 31))


def at(year: int, month: int) -> datetime:
    return datetime(year, month, 20, 10, tzinfo=CHINA)


def enter(purse: Purse, pick: Choices, year: int) -> None:
    """A result from above, a withdrawn title, a recovery or a correction, of any campaign so far."""
    campaign = pick.one(purse.campaigns[::-1])
    village, level = pick.one(campaign.villages), pick.one(campaign.awards[::-1])
    kind, yuan = pick.one(list(KINDS)), pick.one(MONEY)
    signed = -yuan if kind == "correction" and pick.rarely(50) else yuan
    amount = signed if kind in MONEY_KINDS else 0
    document = "同一文" if pick.rarely(20) else f"文{len(purse.story)}"
    entry = Entry(village.code, level.level, kind, document, date(year, 10, 1), "理由", amount)
    done = enter_results(
        purse.store, campaign_id=campaign.id, entries=[entry], by="coordinator-1", now=at(year, 12)
    )
    what = f"{campaign.id} {village.code} {level.level} {kind} {amount}"
    purse.story.append(f"{year}: {what} -> {done.code if isinstance(done, Refused) else 'entered'}")
    purse.done[f"{kind}{' refused' if isinstance(done, Refused) else ''}"] += 1


def propose(purse: Purse, pick: Choices, year: int) -> None:
    subject = a_list(purse, pick)
    award.propose_awards(purse.store, subject=subject, now=at(year, 12))
    purse.story.append(f"{year}: list of {subject}")
    purse.done["propose"] += 1


def approve(purse: Purse, pick: Choices, year: int) -> None:
    """Both bureaus approve whatever list is open."""
    subject = a_list(purse, pick)
    campaign_id = subject.partition("/")[0]
    with purse.store.reading() as session:
        gate = latest_gate(session, campaign_id, "award", subject)
    if gate is None or gate.state != "open":
        return
    for person in ("leader-1", "finance-1"):
        decisions.decide(
            purse.store, gate_id=gate.id, attempt=gate.attempt, by=person, answer="approve", reason="",
            seen_hash=gate.content_hash, door="portal", now=at(year, 12) + timedelta(hours=1),
        )  # fmt: skip
    purse.story.append(f"{year}: {subject} approved")
    purse.done["approve"] += 1


def settle(purse: Purse, pick: Choices, year: int) -> None:
    subject = a_list(purse, pick)
    award.settle_awards(purse.store, subject=subject, now=at(year, 12))
    purse.story.append(f"{year}: {subject} settled")
    purse.done["settle"] += 1


def pay(purse: Purse, pick: Choices, year: int) -> None:
    """The whole way of one list."""
    again = pick.number(256)
    for act in (settle, propose, approve, settle):
        act(purse, Choices(bytes((again, again))), year)


def a_list(purse: Purse, pick: Choices) -> str:
    campaign = pick.one(purse.campaigns[::-1])
    return f"{campaign.id}/{pick.one(campaign.awards).level}"


ACTS: tuple[Callable[[Purse, Choices, int], None], ...] = (pay, enter, propose, approve, settle, enter, pay)


# --- what must hold ----------------------------------------------------------------------------------


def look_at_ledger(purse: Purse) -> None:
    """Each new row, in the order in which they were written."""
    columns = "campaign_id, village_code, level, payable_yuan, kind, cause_id"
    rows = purse.store.lines("ledger", columns, after=purse.seen)
    purse.seen += len(rows)
    kinds: dict[int, str] = dict(purse.store.lines("award_cause", "id, kind", after=0)) if rows else {}
    for campaign_id, code, level, yuan, kind, cause_id in rows:
        before = sum(purse.paid[one] for one in purse.kin(code))
        given = before + sum(purse.recovered[one] for one in purse.kin(code))
        purse.paid[code] += yuan
        if kinds.get(cause_id) == "recovery":
            purse.recovered[code] -= yuan
        campaign = next(one for one in purse.campaigns if one.id == campaign_id)
        most, highest = campaign.award(level).yuan, campaign.awards[-1].yuan
        told = f"{campaign_id} {code} {level} {kind} of {cause_id}: {yuan} yuan after {before}"
        purse.story.append(told)
        purse.done[f"row: {kind}"] += 1
        for wrong in wrongs(
            purse, code, yuan=yuan, before=before, given=given, kind=kind, most=most, highest=highest
        ):
            raise Overpaid(f"{wrong}\n" + "\n".join(purse.story))


def wrongs(
    purse: Purse, code: str, *, yuan: int, before: int, given: int, kind: str, most: int, highest: int
) -> Iterator[str]:
    after = before + yuan
    if yuan > 0 and given + yuan > most and kind == "payment":
        yield f"{code} has more than its level gives"
    if yuan > 0 and given + yuan > highest:
        yield f"{code} has more than the highest level gives"
    if yuan < 0 and after < 0:
        yield f"{code} has paid back more than it was paid"
    if yuan < 0 and kind == "payment":
        yield f"{code} pays back without a cause"
    if kind == "payment" and purse.policy == "difference" and yuan != max(0, most - given):
        yield f"{code} is not paid the difference"
    if kind == "payment" and purse.policy != "difference" and yuan not in ((0,) if given > 0 else (most,)):
        yield f"{code} is paid in parts"


def measure(
    *, histories: int, seed: int, processes: int, say: Callable[[str], object]
) -> tuple[Counter[str], str]:
    """As ``play_many_years``, shared among processes and told batch by batch, until a history breaks.

    Raises ImportError without Hypothesis.
    """
    import hypothesis as hypothesis

    together: Counter[str] = Counter()
    for done, broken in in_batches(_play, histories=histories, seed=seed, processes=processes):
        together += done
        say(f"{together['histories']} of {histories} histories")
        if broken:
            return together, broken
    return together, ""


def _play(batch: tuple[int, int]) -> tuple[Counter[str], str]:
    histories, seed = batch
    return play_many_years(histories=histories, seed=seed)


def play_many_years(*, histories: int, seed: int) -> tuple[Counter[str], str]:
    """What was done how often, and the shortest story that broke; raises ImportError without Hypothesis."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded
    from hypothesis import strategies as some

    done: Counter[str] = Counter()

    @seeded(seed)
    @settings(
        max_examples=histories,
        phases=(Phase.generate, Phase.shrink),
        database=None,
        deadline=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(some.binary(min_size=BYTES, max_size=BYTES))
    def all_hold(drawn: bytes) -> None:
        done["histories"] += 1
        play_money(drawn, done)

    try:
        all_hold()
    except Overpaid as broken:
        return done, str(broken)
    return done, ""
