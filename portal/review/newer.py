"""What has come since somebody opened a gate: newer content, and the gate that asks about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions.dossiers.differences import compare_versions, versions_since
from portal.web.request import Asked
from records.review.assignments import assigned_to_gate, assigned_to_village
from records.review.gates import newest_named
from records.store import Session
from records.tables.dossiers import UploadRow
from records.tables.review import GateRow
from rules.people.rights import Place, may
from rules.refusals import Refused


def newer_gate(session: Session, gate: GateRow, about: Sequence[GateRow], asked: Asked) -> GateRow | None:
    """The attempt among ``about`` that was opened after this one, for whoever may open it."""
    newest = newest_named(gate.name, about)
    if newest is None or newest.id == gate.id:
        return None
    place = Place(newest.town_code, assigned_to_gate(session, newest))
    return newest if may("gate.read", asked.rule_person, place) else None


def what_came_since(asked: Asked, gate: GateRow) -> Mapping[str, Any]:
    """What newer content changed against what this person saw; nothing when none has come."""
    with asked.store.reading() as session:
        upload = session.get(UploadRow, gate.upload_id) if gate.upload_id else None
        since = versions_since(session, upload, seen_hash=asked.field("seen_hash")) if upload else None
        assigned = assigned_to_village(session, gate.campaign_id, gate.village_code)
    if upload is None or since is None:
        return {}
    if not may("village.read", asked.rule_person, Place(gate.town_code, assigned)):
        return {}
    found = compare_versions(
        asked.store,
        campaign_id=upload.campaign_id,
        village_code=upload.village_code,
        before=since[0],
        after=since[1],
    )
    return {} if isinstance(found, Refused) else {"difference": found, "since": since}
