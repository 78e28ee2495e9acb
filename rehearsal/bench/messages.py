"""What time and messages cost: a tick over many open duties, and the outbox against a bare smtplib loop."""

from __future__ import annotations

import smtplib
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email import headerregistry
from pathlib import Path
from zoneinfo import ZoneInfo

from actions.campaign.lifecycle import open_campaign
from actions.messages.delivery import Sender, deliver
from actions.runs.tick import follow_calendar
from config.calendar import read_calendar
from config.campaign_folder import campaign_folder, read_campaign, restrict
from notifications.channels import Channel
from notifications.message import Address
from notifications.smtp import Envelope, compose
from records import outbox
from records.copies.dump import rows_of
from records.schema.migrate import migrate
from records.sealing.vault import Vault
from records.store import Store
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from rehearsal.bench.bounds import Bound
from rehearsal.mailbox import Postbox
from rules.campaign.campaign import Campaign

CAMPAIGN = "longquan-2020"
CHINA = ZoneInfo("Asia/Shanghai")
OPENED = datetime(2020, 10, 20, 10, tzinfo=CHINA)
LATER = datetime(2020, 11, 2, 10, tzinfo=CHINA)
DUE_ONES = 100

BOUNDS = {
    "idle_tick_ms": Bound(most=50),
    "tick_100_due_s": Bound(most=2),
    "outbox_to_bare_loop": Bound(least=1),
}


def measure(say: Callable[[str], object], *, duties: int, mails: int) -> dict[str, float]:
    """Figures by name; ``outbox_to_bare_loop`` is our rate over that of a loop with one connection a mail."""
    with opened() as (store, campaign):
        say(f"{duties} open duties ...")
        figures = tick_costs(store, campaign, duties)
        say(f"{mails} mails ...")
        return {**figures, **outbox_costs(store, campaign, mails)}


@contextmanager
def opened() -> Iterator[tuple[Store, Campaign]]:
    campaign = restrict(read_campaign(campaign_folder(CAMPAIGN)), 3)
    with tempfile.TemporaryDirectory(prefix="hqe-bench-") as folder:
        store = Store(f"sqlite:///{folder}/hqe.db", vault=Vault(bytes(32)), home=Path(folder))
        migrate(store.engine)
        calendar = read_calendar(campaign_folder(CAMPAIGN), (2020, 2021))
        open_campaign(store, campaign=campaign, calendar=calendar, by="operator", now=OPENED)
        yield store, campaign
        store.close()


def tick_costs(store: Store, campaign: Campaign, duties: int) -> dict[str, float]:
    """One tick with nothing due, the best of five, and one at which a hundred duties are reminded of."""
    owe(store, campaign, duties - DUE_ONES, due=datetime(2020, 11, 25, 12, tzinfo=CHINA), name="open")
    owe(store, campaign, DUE_ONES, due=datetime(2020, 11, 9, 12, tzinfo=CHINA), name="due")
    first = timed(store, LATER - timedelta(hours=2))
    idle = min(timed(store, LATER - timedelta(hours=2)) for _ in range(5))
    return {"first_tick_s": first, "idle_tick_ms": idle * 1000, "tick_100_due_s": timed(store, LATER)}


def timed(store: Store, now: datetime) -> float:
    begun = time.perf_counter()
    follow_calendar(store, campaign_id=CAMPAIGN, now=now)
    return time.perf_counter() - begun


def owe(store: Store, campaign: Campaign, number: int, *, due: datetime, name: str) -> None:
    town = campaign.towns[0]
    end = campaign.end_of(due.date())
    with store.writing() as session:
        session.add_all(
            DutyRow(
                key=f"{CAMPAIGN}:{name}:{n}", campaign_id=CAMPAIGN, kind="dossier", carrier_kind="submission",
                carrier_subject=f"{CAMPAIGN}/{town.code}", town_code=town.code, village_code="",
                role="town_clerk", person_id=f"clerk-{town.code}", due_at=end, lock_at=end, state="open",
                opened_at=OPENED, facts={"town": town.name, "village": "", "missing": [f"第{n}村"]},
            )
            for n in range(number)
        )  # fmt: skip


def outbox_costs(store: Store, campaign: Campaign, mails: int) -> dict[str, float]:
    """Mails a second of the outbox and of the bare loop, and processor time of a mail of ours."""
    fill(store, campaign, mails)
    with tempfile.TemporaryDirectory(prefix="hqe-bench-") as folder:
        postbox = Postbox(Path(folder))
        url = postbox.start()
        bare = bare_loop(postbox.port, mails)
        begun, used = time.perf_counter(), time.process_time()
        with Channel(url) as channel:
            sender = Sender("bench", channel, link="http://127.0.0.1", domain="example.invalid")
            while deliver(store, sender, now=LATER, host_now=LATER):
                pass
        ours, used = mails / (time.perf_counter() - begun), time.process_time() - used
        postbox.stop()
    figures = {"outbox_mails_s": ours, "bare_loop_mails_s": bare, "outbox_to_bare_loop": ours / bare}
    return {**figures, "outbox_cpu_ms_a_mail": used / mails * 1000}


def clear(store: Store) -> None:
    """What waited has gone."""
    with store.writing() as session:
        for row in rows_of(session, OutboxRow):
            row.state = "sent"


def fill(store: Store, campaign: Campaign, mails: int) -> None:
    clear(store)
    with store.writing() as session:
        for n in range(mails):
            outbox.post(
                session,
                key=f"bench:{n}",
                campaign_id=CAMPAIGN,
                template="carrier_parked",
                person_id=campaign.people[n % len(campaign.people)].id,
                facts={"subject": f"第{n}项", "reason": "测量"},
                at=LATER,
            )


def bare_loop(port: int, mails: int) -> float:
    """A mail of a line each, by the standard library alone, with a connection each."""
    office = headerregistry.Address("局", addr_spec="hqe@example.invalid")
    begun = time.perf_counter()
    for n in range(mails):
        envelope = Envelope(to=Address("甲", "clerk@example.invalid"), key=f"bare:{n}", at=LATER)
        mail = compose(f"第{n}项", "测量\n", sender=office, envelope=envelope)
        with smtplib.SMTP("127.0.0.1", port, "example.invalid") as server:
            server.send_message(mail)
    return mails / (time.perf_counter() - begun)
