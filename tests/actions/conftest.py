"""A campaign of three villages in two towns, opened for real, and the shortest ways to any point of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import lru_cache, partial

import pytest

from actions.campaign import lifecycle, stages, survey
from actions.dossiers import acceptance, examination, submission, uploads
from actions.review import decisions, verification
from config.calendar import read_calendar
from config.campaign_folder import campaign_folder, read_campaign, restrict
from records.campaign.stages import stages_in_order
from records.dossiers import files
from records.review.gates import latest_gate
from records.runs import carriers
from records.store import Store
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.review import GateRow, ScoreRow
from rehearsal.people.workbooks import fill_dossier
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.locks import watched
from tests.scenes import Scenes

CAMPAIGN_ID = "longquan-2020"


@lru_cache(maxsize=1)
def small_campaign() -> Campaign:
    return restrict(read_campaign(campaign_folder(CAMPAIGN_ID)), 3)


@lru_cache(maxsize=8)
def dossier_of(village_code: str, version: int = 1, plot: str = "good") -> bytes:
    return fill_dossier(small_campaign(), village_code, plot=plot, version=version, seed=7, rows=(40, 60))


@pytest.fixture(autouse=True)
def locks_in_order() -> Iterator[None]:
    """Every act under test locks rows in the one order (``records.locks.ORDER``)."""
    with watched() as wrong:
        yield
    assert wrong == []


@pytest.fixture
def campaign() -> Campaign:
    return small_campaign()


def local(campaign: Campaign, month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2020, month, day, hour, tzinfo=campaign.zone)


@pytest.fixture
def opened(request: pytest.FixtureRequest, store: Store, campaign: Campaign, scenes: Scenes) -> Store:
    """The campaign on 20 October, its survey under way.

    A test that asks for a later scene too stands there from the beginning; it is laid whole.
    """
    if campaign is not small_campaign():
        open_survey(store, campaign)
        return store
    asked = ["opened", *(name for name in ("submitting", "at_desk") if name in request.fixturenames)]
    if asked[-1] == "at_desk":
        asked = list(STEPS)
    scenes.bring(store, {name: partial(STEPS[name], campaign=campaign) for name in asked})
    return store


def open_survey(store: Store, campaign: Campaign) -> None:
    now = local(campaign, 10, 20)
    calendar = read_calendar(campaign_folder(CAMPAIGN_ID), (2020, 2021))
    done = lifecycle.open_campaign(store, campaign=campaign, calendar=calendar, by="coordinator-1", now=now)
    assert done == CAMPAIGN_ID
    assert stages.open_due_stage(store, campaign_id=CAMPAIGN_ID, now=now) == "survey"


@pytest.fixture
def submitting(opened: Store, campaign: Campaign, scenes: Scenes) -> Store:
    """The campaign on 24 October: all towns confirmed, dossiers asked for."""
    if not scenes.has_reached(opened, "submitting"):
        open_submission(opened, campaign)
    return opened


def open_submission(store: Store, campaign: Campaign) -> None:
    for town in campaign.towns:
        subject = f"{CAMPAIGN_ID}/{town.code}"
        survey.ask_for_survey(store, subject=subject, now=local(campaign, 10, 20))
        codes = [village.code for village in campaign.villages if village.town_code == town.code]
        refused = survey.confirm_survey(
            store,
            campaign_id=CAMPAIGN_ID,
            town_code=town.code,
            villages=codes,
            by=f"clerk-{town.code}",
            now=local(campaign, 10, 22),
        )
        assert refused is None
        with store.writing() as session:
            stages.finish_carrier(session, "survey", subject, heard=10**9, now=local(campaign, 10, 22))
    assert stages.close_due_stage(store, campaign_id=CAMPAIGN_ID, now=local(campaign, 10, 22)) == "survey"
    assert stages.open_due_stage(store, campaign_id=CAMPAIGN_ID, now=local(campaign, 10, 24)) == "submission"
    for town in campaign.towns:
        subject = f"{CAMPAIGN_ID}/{town.code}"
        submission.ask_for_dossiers(store, subject=subject, now=local(campaign, 10, 24))


def move_village(store: Store, code: str, state: str) -> None:
    """A village put where a test needs it, without the way there."""
    with store.writing() as session:
        session.get_one(VillageRow, (CAMPAIGN_ID, code)).state = state


def recognise(
    store: Store, code: str, *, total: str = "90", part_a: str = "45", able_and_willing: int = 300
) -> None:
    """A village recognised on this final score, without the way there."""
    at = datetime(2020, 11, 20, tzinfo=small_campaign().zone)
    with store.writing() as session:
        blob = files.keep(session, store.vault, code.encode(), about=f"upload:{CAMPAIGN_ID}/{code}/1")
        upload = UploadRow(
            campaign_id=CAMPAIGN_ID, village_code=code, version=1, blob_id=blob, sha256=code, size=1,
            filed_by="clerk-331181100", received_at=at, late=False, state="accepted",
            facts={"able_and_willing": str(able_and_willing)},
        )  # fmt: skip
        session.add(upload)
        session.flush()
        session.add(
            ScoreRow(
                campaign_id=CAMPAIGN_ID, village_code=code, upload_id=upload.id, party="final",
                adjustments={}, reasons={}, lines={}, total=total, part_a=part_a, vetoes=[],
                scored_by="system", scored_at=at,
            )
        )  # fmt: skip
    move_village(store, code, "recognised")


def decide_latest(store: Store, name: str, subject: str, *, by: str, answer: str, reason: str = "") -> object:
    """One person's answer to the newest attempt of a gate, about what it shows."""
    with store.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, name, subject)
        assert gate is not None
    return decisions.decide(
        store,
        gate_id=gate.id,
        attempt=gate.attempt,
        by=by,
        answer=answer,
        reason=reason,
        seen_hash=gate.content_hash,
        door="portal",
        now=gate.opened_at,
    )


def close_campaign(store: Store, *, now: datetime) -> None:
    """The campaign at its end, whatever its towns and villages have come to."""
    with store.writing() as session:
        for stage in stages_in_order(session, CAMPAIGN_ID):
            stage.state = "closed"
        for carrier in carriers.of_campaign(session, CAMPAIGN_ID):
            carrier.state = "done"
    assert lifecycle.close_campaign(store, campaign_id=CAMPAIGN_ID, now=now)


HandIn = Callable[..., UploadRow | Refused]


@pytest.fixture
def hand_in(submitting: Store, campaign: Campaign) -> HandIn:
    """Hand in a dossier of the first village, by its clerk on 2 November unless said otherwise."""
    return partial(hand_in_first, submitting, campaign)


def hand_in_first(store: Store, campaign: Campaign, **changed: object) -> UploadRow | Refused:
    village = campaign.villages[0]
    usual: dict[str, object] = {
        "campaign_id": CAMPAIGN_ID,
        "village_code": village.code,
        "data": dossier_of(village.code),
        "by": f"clerk-{village.town_code}",
        "now": local(campaign, 11, 2),
        "host_now": local(campaign, 11, 2),
    }
    return uploads.hand_in(store, **{**usual, **changed})  # type: ignore[arg-type]


@pytest.fixture
def at_desk(submitting: Store, campaign: Campaign, scenes: Scenes) -> GateRow:
    """The first village accepted and at its desk review on 16 November."""
    if not scenes.has_reached(submitting, "at_desk"):
        bring_to_desk(submitting, campaign)
    with submitting.reading() as session:
        gate = latest_gate(session, CAMPAIGN_ID, "desk_review", subject_of_first(campaign))
        assert gate is not None
        return gate


def subject_of_first(campaign: Campaign) -> str:
    return f"{CAMPAIGN_ID}/{campaign.villages[0].code}"


def bring_to_desk(store: Store, campaign: Campaign) -> None:
    upload = hand_in_first(store, campaign)
    assert isinstance(upload, UploadRow)
    judge(store, upload, now=local(campaign, 11, 2, 11))
    subject = subject_of_first(campaign)
    with store.writing() as session:
        carriers.enlist(
            session,
            kind="verification",
            subject=subject,
            campaign_id=CAMPAIGN_ID,
            label="",
            tags=[],
            at=local(campaign, 11, 16),
        )
    assert verification.desk_review(store, subject=subject, now=local(campaign, 11, 16)) is None


STEPS = {"opened": open_survey, "submitting": open_submission, "at_desk": bring_to_desk}
"""Scene -> the act that leads to it from the one before."""


def judge(store: Store, upload: UploadRow, *, now: datetime) -> str:
    understood = examination.examine_upload(store, upload_id=upload.id)
    return acceptance.judge_upload(store, upload_id=upload.id, understood=understood, now=now)
