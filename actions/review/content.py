"""What a gate asks about, and whether that is still what counts."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from actions.lookup import campaign_of
from actions.review.score_sheets import final_sheet
from records.dossiers.uploads import accepted_upload, uploads_of
from records.review.gates import latest_gate
from records.review.scores import final_score, vetoes_named
from records.store import Session
from records.tables.campaign import VillageRow
from records.tables.dossiers import UploadRow
from records.tables.review import GateRow, ScoreRow
from rules.campaign.campaign import Campaign
from rules.refusals import Refused

OVERTAKEN = Refused(
    "stale_content", "该审批点所依据的材料或评分已经更新，将按最新内容重新提请，请稍后再办理。"
)


def is_about(gate: GateRow, upload: UploadRow) -> bool:
    """Not about an earlier dossier, and not overtaken."""
    return gate.upload_id == upload.id and gate.state != "superseded"


def fingerprint_of(upload: UploadRow, final: ScoreRow) -> str:
    """The content of a recognition: exactly this dossier with exactly this final sheet."""
    content = {"upload": upload.sha256, "lines": final.lines, "vetoes": final.vetoes}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def still_counts(session: Session, campaign: Campaign, village: VillageRow, gate: GateRow) -> bool:
    """Whether a recognition, open or decided, is about the newest dossier and what it adds up to now."""
    upload, final = accepted_upload(session, village), final_score(session, village)
    if not is_about(gate, upload) or final is None or gate.content_hash != fingerprint_of(upload, final):
        return False
    if gate.answer == "recognise" and vetoes_of(session, village):
        return False
    sheet = final_sheet(session, campaign, upload)
    if sheet is None:
        return False
    # The points alone: how a line is explained may be worded anew by a later version of the program.
    points = {line.indicator_id: str(line.points) for line in sheet.lines}
    return (points, list(sheet.vetoes)) == ({key: line[0] for key, line in final.lines.items()}, final.vetoes)


def vetoes_of(session: Session, village: VillageRow) -> Sequence[str]:
    """The vetoes on which a village fails: those of the final sheet, or what its desk review vetoed."""
    final = final_score(session, village)
    if final is not None and final.vetoes:
        return final.vetoes
    upload = accepted_upload(session, village)
    desk = latest_gate(session, village.campaign_id, "desk_review", f"{village.campaign_id}/{village.code}")
    if desk is None or desk.answer != "veto" or not is_about(desk, upload):
        return []
    return vetoes_named(session, upload)


def refuse_overtaken(session: Session, gate: GateRow) -> Refused | None:
    """A village's gate is decided only on the dossier, and recognition only on the sheet, that count now."""
    if gate.upload_id is None:
        return None
    village = session.get_one(VillageRow, (gate.campaign_id, gate.village_code))
    if gate.name != "recognition":
        accepted = uploads_of(session, village, state="accepted")
        return None if accepted and is_about(gate, accepted[-1]) else OVERTAKEN
    campaign = campaign_of(session, gate.campaign_id)
    return None if still_counts(session, campaign, village, gate) else OVERTAKEN
