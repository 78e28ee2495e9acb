"""What will be said if nobody does anything, and that it is what is said."""

from __future__ import annotations

import ast
from datetime import datetime, timedelta

import pytest

from actions.campaign import stages, survey
from actions.dossiers import submission
from actions.dossiers.withdrawal import withdraw
from actions.duties import reminders
from actions.overview.forecast import Foreseen, forecast
from actions.overview.simulation import STEPS
from config.places import ROOT
from records.copies.dump import rows_of
from records.store import Store
from records.tables.dossiers import UploadRow
from records.tables.duties import DutyRow
from records.tables.messages import OutboxRow
from records.tables.review import GateRow
from records.tables.runs import BellRow, CarrierRow
from records.tables.upkeep import AuditRow
from rules.campaign.campaign import Campaign
from tests.actions.conftest import CAMPAIGN_ID, local

Said = list[tuple[datetime, str, str]]


def foreseen(store: Store, now: datetime, until: datetime) -> list[Foreseen]:
    return forecast(store, campaign_id=CAMPAIGN_ID, now=now, until=until)


def send_all(store: Store) -> None:
    with store.writing() as session:
        for row in rows_of(session, OutboxRow):
            row.state = "sent"


def end_settled_submissions(store: Store, now: datetime) -> None:
    """What the towns' runs do when nothing is owed any more."""
    with store.writing() as session:
        for row in rows_of(session, CarrierRow):
            if row.kind == "submission" and submission.submission_settled(session, row.subject):
                stages.finish_carrier(session, row.kind, row.subject, heard=10**9, now=now)


def live_through(store: Store, now: datetime, until: datetime) -> Said:
    """The same stretch for real, hour by hour, as the tick and the campaign's run live through it."""
    while now <= until:
        reminders.lapse_locked(store, campaign_id=CAMPAIGN_ID, now=now)
        reminders.fire_rungs(store, campaign_id=CAMPAIGN_ID, now=now)
        end_settled_submissions(store, now)
        while stages.close_due_stage(store, campaign_id=CAMPAIGN_ID, now=now) or stages.open_due_stage(
            store, campaign_id=CAMPAIGN_ID, now=now
        ):
            pass
        now += timedelta(hours=1)
    with store.reading() as session:
        rows = [row for row in rows_of(session, OutboxRow) if row.state == "waiting"]
    return sorted((row.not_before, row.template, row.person_id) for row in rows)


def test_forecast_is_what_the_calendar_then_says(submitting: Store, campaign: Campaign) -> None:
    send_all(submitting)
    now, until = local(campaign, 11, 7), local(campaign, 11, 24)

    told = sorted((one.at, one.template, one.person_id) for one in foreseen(submitting, now, until))

    assert told == live_through(submitting, now, until)
    assert {"dossier_reminder", "dossier_late", "paper_late", "duty_lapsed", "stage_closed"} <= {
        template for _, template, _ in told
    }


def test_forecast_of_a_silent_reviewer_ends_with_deputy_and_leader(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    send_all(submitting)
    now, until = local(campaign, 11, 20, 8), local(campaign, 11, 24, 12)

    told = [one for one in foreseen(submitting, now, until) if one.template.startswith("gate_")]

    assert sorted((one.at, one.template, one.person_id) for one in told) == [
        line for line in live_through(submitting, now, until) if line[1].startswith("gate_")
    ]
    assert {one.about for one in told} == {"材料初审 八都镇第一村"}
    assert [(one.template, one.role_title) for one in told] == [
        ("gate_reminder", "审核人员"),
        ("gate_opened", "审核人员"),
        ("gate_late", "活动协调员"),
        ("gate_late", "局分管领导"),
    ]


def test_forecast_opens_the_next_stage_and_asks_for_its_dossiers(opened: Store, campaign: Campaign) -> None:
    for town in campaign.towns:
        subject = f"{CAMPAIGN_ID}/{town.code}"
        survey.ask_for_survey(opened, subject=subject, now=local(campaign, 10, 20))
        codes = [village.code for village in campaign.villages if village.town_code == town.code]
        survey.confirm_survey(
            opened, campaign_id=CAMPAIGN_ID, town_code=town.code, villages=codes,
            by=f"clerk-{town.code}", now=local(campaign, 10, 22),
        )  # fmt: skip
    send_all(opened)

    told = foreseen(opened, local(campaign, 10, 22), local(campaign, 10, 25))

    asked = [(one.at, one.person_id, one.about) for one in told if one.template == "dossier_opened"]
    nine = local(campaign, 10, 24, 9)
    assert sorted(asked) == [
        (nine, "clerk-331181100", "八都镇 第一村、第四村"),
        (nine, "clerk-331181103", "查田镇 小查田村"),
    ]


def test_forecast_writes_nothing(submitting: Store, at_desk: GateRow, campaign: Campaign) -> None:
    def state() -> list[object]:
        with submitting.reading() as session:
            counts = [len(rows_of(session, table)) for table in (OutboxRow, AuditRow, BellRow)]
            return [*counts, sorted((row.key, row.state, row.person_id) for row in rows_of(session, DutyRow))]

    before = state()

    foreseen(submitting, local(campaign, 11, 17), local(campaign, 12, 5))

    assert state() == before


def test_forecast_begins_with_what_waits_in_the_outbox(submitting: Store, campaign: Campaign) -> None:
    now = local(campaign, 10, 25)

    told = foreseen(submitting, now, now + timedelta(hours=1))

    assert {one.at for one in told} == {now}
    assert {one.template for one in told} == {
        "campaign_opened", "survey_opened", "stage_closed", "dossier_opened"
    }  # fmt: skip


def test_forecast_goes_on_past_a_village_that_took_its_dossier_back(
    submitting: Store, at_desk: GateRow, campaign: Campaign
) -> None:
    now, village = local(campaign, 11, 17), at_desk.village_code
    clerk = f"clerk-{at_desk.town_code}"
    done = withdraw(submitting, campaign_id=CAMPAIGN_ID, village_code=village, by=clerk, now=now)
    assert isinstance(done, UploadRow)

    told = foreseen(submitting, now, local(campaign, 11, 20))

    assert {"gate_withdrawn", "dossier_late", "duty_lapsed"} <= {one.template for one in told}


# --- the same order as the flows -----------------------------------------------------------------

WRITTEN_IN = {kind: f"tasks/{kind}.py" for kind in ("campaign", "recommendation", "award")}
"""Where a run's order of acts stands when it is not the flow itself."""
CALLED = {"check_uploads": "check"}
"""A step that is called otherwise in the copy."""


def names_in(tree: ast.AST) -> list[str]:
    """What is called or looped over, each once, in the order in which it is written."""
    named = [
        (node.lineno, node.col_offset, node.attr if isinstance(node, ast.Attribute) else node.id)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name)
    ]
    return list(dict.fromkeys(CALLED.get(name, name) for _, _, name in sorted(named)))


def steps_of(file: str, function: str = "") -> list[str]:
    tree: ast.AST = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    if function:
        tree = next(
            one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == function
        )
    return names_in(tree)


ACTS = (
    "ask_for_survey", "ask_for_dossiers", "check", "submission_settled", "survey_stands",
    "desk_review", "site_visit", "second_review", "recognition",
    "close_due_stage", "open_due_stage", "is_over", "close_campaign",
    "rank_villages", "send_upward", "settle_awards", "propose_awards",
)  # fmt: skip


@pytest.mark.parametrize("kind", sorted(STEPS))
def test_every_run_goes_ahead_in_the_order_of_its_flow(kind: str) -> None:
    written = WRITTEN_IN.get(kind, f"flows/{kind}.py")
    for_real = [name for name in steps_of(written, "" if kind in WRITTEN_IN else kind) if name in ACTS]
    ahead = [name for name in steps_of("actions/overview/simulation.py", f"_{kind}") if name in ACTS]

    assert ahead == for_real != []


def test_every_flow_runs_ahead() -> None:
    """The tick is what moves the others; a new flow needs its steps here."""
    flows = {file.stem for file in (ROOT / "flows").glob("*.py")}

    assert flows - {"__init__", "tick"} == set(STEPS)
