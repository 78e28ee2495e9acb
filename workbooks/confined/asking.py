"""What else the reading process is asked: pictures, photos and the rows of a roster."""

from __future__ import annotations

from rules.campaign.campaign import Campaign
from rules.dossiers.pictures import Picture
from workbooks.confined.client import ask_apart
from workbooks.confined.packing import unpacked
from workbooks.confined.roster import RosterLine, lines_from_json
from workbooks.pictures.pictures import has_pictures, unread


def pictures_apart(data: bytes, *, campaign: Campaign) -> tuple[Picture, ...]:
    """The pictures of a workbook, found and decoded apart; where that fails, one that is ``unread``."""
    if not has_pictures(data):
        return ()
    answer = ask_apart("pictures", data, campaign)
    return (unread(),) if answer is None else unpacked(answer)


def photo_apart(data: bytes, *, name: str) -> Picture:
    """A photo by itself, decoded apart."""
    answer = ask_apart("photo", data, name)
    return unread() if answer is None else unpacked(answer)[0]


def list_roster_apart(data: bytes, *, campaign: Campaign) -> list[RosterLine]:
    """The rows of a roster that was once accepted; none when its file cannot be read any more."""
    answer = ask_apart("list", campaign, data)
    return [] if answer is None else lines_from_json(answer)
