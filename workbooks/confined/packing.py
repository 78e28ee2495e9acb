"""Pictures on their way out of the reading process: a line of JSON, then the bytes it counts."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, replace

from rules.campaign.campaign import Campaign
from rules.dossiers.pictures import Picture
from workbooks.pictures.decode import made_safe
from workbooks.pictures.pictures import pictures_of

BYTES = ("shown", "thumbnail")
TEXTS = tuple(one.name for one in fields(Picture) if one.name not in BYTES)


def pictures_packed(data: bytes, campaign: Campaign) -> bytes:
    return packed(pictures_of(data, campaign))


def photo_packed(data: bytes, name: str) -> bytes:
    return packed([made_safe(data, name=name)])


def packed(pictures: Sequence[Picture]) -> bytes:
    """A picture that stands in several places goes over once."""
    once = {one.sha256: one for one in pictures if one.shown}
    lengths = {key: [len(one.shown), len(one.thumbnail)] for key, one in once.items()}
    told = [[getattr(one, name) for name in TEXTS] for one in pictures]
    head = json.dumps({"pictures": told, "lengths": lengths}).encode()
    return b"\n".join((head, b"".join(one.shown + one.thumbnail for one in once.values())))


def unpacked(answer: bytes) -> tuple[Picture, ...]:
    """The counterpart of ``packed``."""
    head, _, rest = answer.partition(b"\n")
    told = json.loads(head)
    bodies: dict[str, tuple[bytes, bytes]] = {}
    for key, (shown, small) in told["lengths"].items():
        bodies[key], rest = (rest[:shown], rest[shown : shown + small]), rest[shown + small :]
    return tuple(
        with_bodies(Picture(**dict(zip(TEXTS, one, strict=True))), bodies) for one in told["pictures"]
    )


def with_bodies(picture: Picture, bodies: Mapping[str, tuple[bytes, bytes]]) -> Picture:
    shown, thumbnail = bodies.get(picture.sha256, (b"", b""))
    return replace(picture, shown=shown, thumbnail=thumbnail)
