"""The reading process: takes files on standard input, one after another, and answers each in bytes that run nothing.

Parsing what strangers send is the riskiest thing this program does, so it happens here: without the
database, without keys or settings in the environment, with little memory and little time.
"""

from __future__ import annotations

import pickle
import resource
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import BinaryIO

from workbooks.annotate.annotate import annotate_or_nothing
from workbooks.confined.differences import compare
from workbooks.confined.examine import examine
from workbooks.confined.pictures import packed_photo, packed_pictures
from workbooks.confined.roster import list_roster
from workbooks.confined.texts import list_texts
from workbooks.confined.wire import PATIENCE, pack, receive, send
from workbooks.read.plain_table import read_first_sheet

MEMORY = 768 * 1024 * 1024
SECONDS = 60
"""A question that takes more of the processor's time kills the process: a busy machine does not."""

ANSWERS: Mapping[str, Callable[..., object]] = {
    "examine": examine,
    "compare": compare,
    "annotate": annotate_or_nothing,
    "pictures": packed_pictures,
    "photo": packed_photo,
    "roster": list_roster,
    "table": read_first_sheet,
    "texts": list_texts,
}
"""By name: what can be asked. What is bytes goes over as it is."""


def answer_all(questions: BinaryIO, answers: BinaryIO) -> None:
    """Until the parent closes its end."""
    for question in asked(questions):
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        signal.alarm(PATIENCE)
        told = answer(question)
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)
        send(answers, told)


def asked(questions: BinaryIO) -> Iterator[bytes]:
    with suppress(EOFError):
        while True:
            yield receive(questions)


def answer(question: bytes) -> bytes:
    name, given, named = pickle.loads(question)
    found = ANSWERS[name](*given, **named)
    return found if isinstance(found, bytes) else pack(found)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer_all(sys.stdin.buffer, sys.stdout.buffer)


if __name__ == "__main__":
    main()
