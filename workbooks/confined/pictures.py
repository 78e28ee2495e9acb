"""Pictures on their way out of the reading process: what is known of them, and behind it each one's bytes once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO

from rules.campaign.campaign import Campaign
from rules.dossiers.pictures import Picture
from workbooks.confined.wire import behind, pack, unpack
from workbooks.pictures.decode import made_safe
from workbooks.pictures.pictures import pictures_of


@dataclass(frozen=True, slots=True)
class Album:
    """Pictures without their bytes. ``lengths`` says by sha256, in the order of what follows, how many bytes
    are shown and how many are the thumbnail's; a picture that stands in several places goes over once."""

    pictures: tuple[Picture, ...]
    lengths: Mapping[str, tuple[int, int]]


def packed_pictures(data: bytes, *, campaign: Campaign) -> bytes:
    return packed(pictures_of(data, campaign))


def packed_photo(data: bytes, *, name: str) -> bytes:
    return packed([made_safe(data, name=name)])


def packed(pictures: Sequence[Picture]) -> bytes:
    once = {one.sha256: one for one in pictures if one.shown}
    album = Album(
        tuple(replace(one, shown=b"", thumbnail=b"") for one in pictures),
        {key: (len(one.shown), len(one.thumbnail)) for key, one in once.items()},
    )
    return pack(album, *(one.shown + one.thumbnail for one in once.values()))


def unpacked(message: bytes) -> tuple[Picture, ...]:
    """The counterpart of ``packed``."""
    album, rest = unpack(message, Album), BytesIO(behind(message))
    bodies = {key: (rest.read(shown), rest.read(small)) for key, (shown, small) in album.lengths.items()}
    return tuple(_with_bodies(one, bodies) for one in album.pictures)


def _with_bodies(picture: Picture, bodies: Mapping[str, tuple[bytes, bytes]]) -> Picture:
    shown, thumbnail = bodies.get(picture.sha256, (b"", b""))
    return replace(picture, shown=shown, thumbnail=thumbnail)
