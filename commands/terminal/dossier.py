"""A village's dossier as the commands of ``hqe workbook`` find it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from commands.terminal.installation import opened, settings_of
from commands.terminal.output import refuse

if TYPE_CHECKING:
    from records.store import Store
    from rules.campaign.campaign import Campaign


def refuse_unknown(campaign: Campaign, village: str) -> None:
    if village not in {one.code for one in campaign.villages}:
        refuse(f"{campaign.title}没有代码为{village}的社区(村)，请核对12位区划代码。")


def earlier_here(
    home: Path | None, campaign: Campaign, village: str, places: Sequence[str]
) -> Mapping[str, str]:
    """The numbers that a prefilled roster masks, where this machine has them."""
    from actions.dossiers.prefilled_template import earlier_numbers

    if not settings_of(home).key_file.exists():
        return {}
    with opened(home) as store:
        return earlier_numbers(store, campaign, village, places)


def accepted_id(store: Store, campaign_id: str, village_code: str) -> int:
    """The number of the upload that counts."""
    from records.dossiers.uploads import accepted_upload
    from records.tables.campaign import VillageRow

    with store.reading() as session:
        village = session.get(VillageRow, (campaign_id, village_code))
        if village is None:
            refuse(f"{campaign_id}没有代码为{village_code}的社区(村)，请核对12位区划代码。")
        try:
            return accepted_upload(session, village).id
        except LookupError:
            refuse(f"{village.name}还没有校验通过的材料，没有花名册可看。")
