"""The reading process: takes files on standard input, one after another, and answers each in bytes that run nothing.

Parsing what strangers send is the riskiest thing this program does, so it happens here: without the
database, without keys or settings in the environment, with little memory and little time.
"""

from __future__ import annotations

import pickle
import resource
import signal
import struct
import sys
from collections.abc import Callable, Mapping
from typing import BinaryIO

from rules.campaign.campaign import Campaign
from workbooks.annotate import annotate
from workbooks.confined import differences, examine, packing, roster

MEMORY = 768 * 1024 * 1024
SECONDS = 60
"""A question that takes more of the processor's time kills the process: a busy machine does not."""
PATIENCE = 600
"""So long by the clock, also when the parent is gone."""

LENGTH = struct.Struct(">Q")


def answer_examine(
    campaign: Campaign,
    town_code: str,
    village_code: str,
    data: bytes,
    earlier: Mapping[str, str] | None = None,
) -> bytes:
    whose = {"town_code": town_code, "village_code": village_code}
    return examine.to_json(examine.examine(data, campaign=campaign, earlier=earlier, **whose))


def answer_list(campaign: Campaign, data: bytes) -> bytes:
    return roster.lines_to_json(roster.list_roster(data, campaign=campaign))


def answer_compare(campaign: Campaign, before: bytes, after: bytes) -> bytes:
    return differences.to_json(differences.compare(before, after, campaign=campaign))


ANSWERS: Mapping[str, Callable[..., bytes]] = {
    "examine": answer_examine,
    "compare": answer_compare,
    "annotate": annotate.annotate_or_nothing,
    "pictures": packing.pictures_packed,
    "photo": packing.photo_packed,
    "list": answer_list,
}
"""By name: what can be asked, and its answer: JSON, or a file."""


def answer_all(questions: BinaryIO, answers: BinaryIO) -> None:
    """Until the parent closes its end: a pickled question of its own making, then the answer."""
    while header := questions.read(LENGTH.size):
        question = questions.read(LENGTH.unpack(header)[0])
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        signal.alarm(PATIENCE)
        name, *arguments = pickle.loads(question)
        told = ANSWERS[name](*arguments)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        answers.write(LENGTH.pack(len(told)) + told)
        answers.flush()


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer_all(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
