"""Between villages: a person in two rosters."""

from __future__ import annotations

from sqlalchemy import select

from actions.dossiers import acceptance
from records.store import Store
from records.tables.dossiers import FindingRow, UploadRow
from records.tables.messages import OutboxRow
from rules.campaign.campaign import Campaign
from rules.dossiers.dossier import Understood
from tests.actions.conftest import HandIn, dossier_of, local

SHARED = "331199199003070019"


def accept(
    store: Store, upload: UploadRow, campaign: Campaign, *people: str, explained: bool = False
) -> None:
    rows = tuple(enumerate(people, 4))
    understood = Understood(
        findings=(),
        acceptable=True,
        facts={},
        people=rows,
        explained=tuple(row for row, _ in rows) if explained else (),
    )
    state = acceptance.judge_upload(
        store, upload_id=upload.id, understood=understood, now=local(campaign, 11, 3)
    )
    assert state == "accepted"


def two_uploads(hand_in: HandIn, campaign: Campaign) -> list[UploadRow]:
    uploads = [
        hand_in(
            village_code=village.code,
            by=f"clerk-{village.town_code}",
            data=dossier_of(village.code),
        )
        for village in (campaign.villages[0], campaign.villages[2])
    ]
    assert all(isinstance(one, UploadRow) for one in uploads)
    return [one for one in uploads if isinstance(one, UploadRow)]


def told(store: Store) -> tuple[list[tuple[str, str, str]], list[tuple[str, object]]]:
    with store.reading() as session:
        findings = session.execute(
            select(UploadRow.village_code, FindingRow.code, FindingRow.ref)
            .join(FindingRow, FindingRow.upload_id == UploadRow.id)
            .order_by(UploadRow.id)
        )
        letters = session.scalars(
            select(OutboxRow).where(OutboxRow.template == "people_elsewhere").order_by(OutboxRow.person_id)
        )
        return [tuple(line) for line in findings], [(one.person_id, one.facts["reasons"]) for one in letters]


def test_person_in_two_villages_is_told_to_both_and_neither_is_named(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    first, second = two_uploads(hand_in, campaign)
    accept(submitting, first, campaign, "331199199003070035", SHARED)
    accept(submitting, second, campaign, SHARED)

    same = campaign.villages[0].town_code == campaign.villages[2].town_code
    code = "id_in_same_town" if same else "id_in_other_town"
    findings, letters = told(submitting)
    assert findings == [
        (first.village_code, code, "第5行"),
        (second.village_code, code, "第4行"),
    ]
    assert letters == sorted([(first.filed_by, ["第5行"]), (second.filed_by, ["第4行"])])


def test_person_explained_by_the_second_village_is_told_to_nobody(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    first, second = two_uploads(hand_in, campaign)
    accept(submitting, first, campaign, SHARED)
    accept(submitting, second, campaign, SHARED, explained=True)

    assert told(submitting) == ([], [])


def test_people_of_one_village_only_are_told_to_nobody(
    submitting: Store, hand_in: HandIn, campaign: Campaign
) -> None:
    first, second = two_uploads(hand_in, campaign)
    accept(submitting, first, campaign, SHARED)
    accept(submitting, second, campaign, "331199199003070035")

    assert told(submitting) == ([], [])
