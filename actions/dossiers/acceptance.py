"""Judging an upload: what the checks made of it becomes findings, or an accepted dossier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from actions.campaign.stages import verification_run
from actions.dossiers.pictures import Source, keep_evidence
from actions.dossiers.progress import follow_up
from actions.dossiers.shared_people import warn_both_sides
from actions.dossiers.uploads import duty_for, supersede, words
from actions.duties.duties import end_duty
from actions.lookup import locked_village
from actions.steps import subject_of
from notifications.wording import due_facts
from records import audit, outbox
from records.dossiers import rosters
from records.dossiers.uploads import uploads_of
from records.duties.duties import duty_with_key
from records.locks import take_turns
from records.review.scores import sheet_row
from records.runs import bells, carriers
from records.store import Session, Store, repeatable
from records.tables.campaign import StageRow, VillageRow
from records.tables.dossiers import FindingRow, UploadRow
from records.tables.duties import DutyRow
from rules.campaign import scoring, scoring_words
from rules.campaign.campaign import Campaign
from rules.campaign.scoring import ScoreSheet
from rules.campaign.states import move
from rules.dossiers.checks.findings import messages
from rules.dossiers.dossier import Finding, Understood
from rules.refusals import Refused


@repeatable
def judge_upload(
    store: Store,
    *,
    upload_id: int,
    understood: Understood,
    now: datetime,
    within: tuple[str, str] | None = None,
) -> str:
    """Record what the checks made of an upload; returns its state. A judged upload stays as it is.

    ``within`` is the run (kind, subject) that judges: what it ends by this it need not be told.
    """
    with store.writing() as session:
        upload = session.get_one(UploadRow, upload_id)
        subject = subject_of(upload.campaign_id, upload.village_code)
        campaign, village = locked_village(session, subject)
        duty = duty_for(session, upload.campaign_id, upload.village_code)
        session.refresh(upload, with_for_update=True)
        if upload.state != "received":
            return upload.state
        upload.checked_at = now
        _write_findings(session, upload, understood.findings)
        if understood.acceptable and duty is not None:
            _accept(session, store, campaign, village, upload, understood, duty, now, within)
        else:
            _return(session, campaign, village, upload, understood.findings, duty, now)
        facts = {"version": upload.version, "findings": len(understood.findings), "state": upload.state}
        audit.note(session, at=now, actor="system", act="judge_upload", subject=subject, facts=facts)
        if upload.state == "accepted":
            _look_around(session, store, campaign, upload, understood, now)
        return upload.state


def _look_around(
    session: Session,
    store: Store,
    campaign: Campaign,
    upload: UploadRow,
    understood: Understood,
    now: datetime,
) -> None:
    """Warn of people who stand in another village's roster too, except those whom the town explained.

    Acceptances take turns here, so that of two villages with the same person or photo accepted at once the
    second sees the first.
    """
    take_turns(session, campaign.id)
    explained = set(understood.explained)
    people = {store.vault.lookup(number): row for row, number in understood.people if row not in explained}
    warn_both_sides(session, campaign, upload, people, now=now)
    source = Source(campaign.id, upload.village_code, upload.filed_by, now, upload.id)
    keep_evidence(session, store, understood.pictures, source=source)


def _write_findings(session: Session, upload: UploadRow, findings: Sequence[Finding]) -> None:
    session.add_all(
        FindingRow(
            upload_id=upload.id,
            position=position,
            code=finding.code,
            severity=finding.severity,
            sheet=finding.sheet,
            ref=finding.ref,
            message=finding.message,
        )
        for position, finding in enumerate(findings, 1)
    )


def _accept(
    session: Session,
    store: Store,
    campaign: Campaign,
    village: VillageRow,
    upload: UploadRow,
    understood: Understood,
    duty: DutyRow,
    now: datetime,
    within: tuple[str, str] | None,
) -> None:
    supersede(uploads_of(session, village), "accepted")
    upload.state, upload.rows = "accepted", len(understood.people)
    upload.facts = {key: str(value) for key, value in understood.facts.items()}
    rosters.keep_people(session, store.vault, upload.id, understood.people)
    sheet = scoring.score(campaign.scheme, understood.facts)
    session.add(sheet_row(upload, sheet, party="town", by=upload.filed_by, now=now))
    state = move("village", village.state, "accept")
    assert not isinstance(state, Refused), state.reason
    village.state = state
    # Whether it was on time is decided by when it came, however long the checks waited.
    end_duty(session, duty, act="finish", now=upload.received_at, within=within)
    _start_verification(session, campaign, village, now, within)
    _confirm_receipt(session, campaign, village, upload, sheet, now)


def _start_verification(
    session: Session,
    campaign: Campaign,
    village: VillageRow,
    now: datetime,
    within: tuple[str, str] | None,
) -> None:
    """A dossier accepted while verification is under way joins it; after its end, as a supplementary one.

    One that was withdrawn meanwhile has a carrier already, whose business begins anew.
    """
    stage = session.get_one(StageRow, (campaign.id, "verification"))
    if stage.state == "waiting" or village.state != "submitted":
        return
    village.supplementary = stage.state == "closed"
    kind, code, label, tags = verification_run(campaign, village)
    subject = subject_of(campaign.id, code)
    new = carriers.enlist(
        session, kind=kind, subject=subject, campaign_id=campaign.id, label=label, tags=tags, at=now
    )
    if not new and (kind, subject) != within:
        carriers.reopen(session, kind, subject)
        bells.ring(session, kind=kind, subject=subject, cause="accepted", at=now)


def _confirm_receipt(
    session: Session,
    campaign: Campaign,
    village: VillageRow,
    upload: UploadRow,
    sheet: ScoreSheet,
    now: datetime,
) -> None:
    parts = "＋".join(
        f"{name}部分{scoring_words.rounded(points)}" for name, points in sheet.part_totals.items()
    )
    sums = [f"{parts}＋加分{scoring_words.rounded(sheet.bonus)}＝{scoring_words.rounded(sheet.total)}"]
    paper = duty_with_key(session, campaign.id, f"paper:{village.town_code}")
    paper_due = paper.due_at if paper is not None and paper.state == "open" else None
    outbox.post(
        session,
        key=f"{campaign.id}:dossier_accepted:{village.code}:{upload.version}",
        campaign_id=campaign.id,
        template="dossier_accepted",
        person_id=upload.filed_by,
        facts={
            **words(campaign, village, upload),
            "rows": upload.rows,
            "score": scoring_words.rounded(sheet.total),
            "sums": sums,
            **(due_facts(paper_due.astimezone(campaign.zone).date()) if paper_due else {"due": ""}),
            **({"under_way": "是"} if village.state != "submitted" else {}),
        },
        at=now,
    )


def _return(
    session: Session,
    campaign: Campaign,
    village: VillageRow,
    upload: UploadRow,
    findings: Sequence[Finding],
    duty: DutyRow | None,
    now: datetime,
) -> None:
    upload.state = "returned"
    due_at = duty.due_at if duty else upload.received_at
    lock_at = (duty.lock_at if duty else None) or due_at
    since = follow_up(session, upload, findings)
    outbox.post(
        session,
        key=f"{campaign.id}:dossier_findings:{village.code}:{upload.version}",
        campaign_id=campaign.id,
        template="dossier_findings",
        person_id=upload.filed_by,
        facts={
            **words(campaign, village, upload),
            **due_facts(*(at.astimezone(campaign.zone).date() for at in (due_at, lock_at))),
            "findings": [{"message": message} for message in messages(findings)],
            "progress": since.sentence() if since else "",
        },
        at=now,
    )
