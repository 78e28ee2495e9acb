"""What goes between the reading process and whoever asks it: pickles of ours one way, what runs nothing back.

An answer is a line with the name of its type, a line of JSON, and bytes where it has some.
"""

from __future__ import annotations

import pickle
import struct
from collections.abc import Mapping
from functools import cache
from typing import IO, TYPE_CHECKING, Any, TypeVar

from pydantic_core import to_json

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")

PATIENCE = 600
"""So many seconds by the clock a question may take: the process ends itself, also when the parent is gone."""

LENGTH = struct.Struct(">Q")


def send(pipe: IO[bytes], message: bytes) -> None:
    pipe.write(LENGTH.pack(len(message)) + message)
    pipe.flush()


def receive(pipe: IO[bytes]) -> bytes:
    """The next message; raises ``EOFError`` when the other side has ended."""
    return _exactly(pipe, LENGTH.unpack(_exactly(pipe, LENGTH.size))[0])


def _exactly(pipe: IO[bytes], length: int) -> bytes:
    found = pipe.read(length)
    if len(found) < length:
        raise EOFError
    return found


def pickled(name: str, /, *given: object, **named: object) -> bytes:
    """What ``workbooks.confined.process.ANSWERS`` is called with."""
    return pickle.dumps((name, given, named))


def pack(answer: object, *behind: bytes) -> bytes:
    """Dataclasses, and lists of them, as they are; of a fraction its text."""
    return b"\n".join((type(answer).__name__.encode(), to_json(answer, fallback=str), b"".join(behind)))


def unpack(message: bytes, *kinds: type[T]) -> T:
    """The answer, which is of one of these types. Raises ``ValueError`` or ``KeyError`` for anything else."""
    name, told, _ = message.split(b"\n", 2)
    known: Mapping[bytes, type] = {kind.__name__.encode(): kind for kind in kinds}
    answer: T = _schema(known[name]).validate_json(told, strict=True)
    return answer


def behind(message: bytes) -> bytes:
    """The bytes that follow the JSON."""
    return message.split(b"\n", 2)[2]


@cache
def _schema(kind: type) -> TypeAdapter[Any]:
    # Only whoever reads answers needs schemas: with them the reading process would take a third longer to start.
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
