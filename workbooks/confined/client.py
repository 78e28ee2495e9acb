"""Asking the reading process: one for each that asks at a time, renewed when it dies, and its death an answer."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

import psutil

from config.places import ROOT
from rules.campaign.campaign import Campaign
from rules.dossiers.checks.annotation import Annotation
from rules.dossiers.checks.findings import refused
from rules.dossiers.dossier import Understood
from rules.dossiers.pictures import Picture
from rules.refusals import Refused
from workbooks.confined.differences import OUTCOMES, Compared
from workbooks.confined.examine import unreadable
from workbooks.confined.pictures import unpacked
from workbooks.confined.roster import RosterLine
from workbooks.confined.texts import FormText
from workbooks.confined.wire import PATIENCE, pickled, receive, send, unpack
from workbooks.file.guard import refuse_unreadable
from workbooks.pictures.pictures import has_pictures, unread
from workbooks.read.plain_table import read_csv

KEPT = ("PATH", "LANG", "LC_ALL")
"""What of the environment the process gets: no key, no address of a database."""

NOT_ANNOTATED = Refused(
    "not_annotated", "这个文件无法加标注(内部结构特殊或已损坏)。请按页面上的问题清单，在您的原文件中修改。"
)


class Died(Exception):
    """The process ended before it had answered; ``slow`` when it was ended for taking too long."""

    def __init__(self, *, slow: bool) -> None:
        super().__init__("slow" if slow else "died")
        self.slow = slow


class Reader:
    """One reading process and the two pipes to it."""

    def __init__(self, command: tuple[str, ...] = ("-m", "workbooks.confined.process")) -> None:
        self._process = subprocess.Popen(
            [sys.executable, *command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={name: os.environ[name] for name in KEPT if name in os.environ},
        )

    def ask(self, question: bytes, *, seconds: float) -> bytes:
        """The answer; raises ``Died`` when the process ends or has to be ended first."""
        slow = threading.Event()
        watch = threading.Timer(seconds, self._end, [slow])
        watch.start()
        try:
            return self._exchange(question)
        except (OSError, EOFError) as error:
            out_of_time = self.close() == -signal.SIGPROF
            raise Died(slow=slow.is_set() or out_of_time) from error
        finally:
            watch.cancel()

    def _end(self, slow: threading.Event) -> None:
        slow.set()
        self._process.kill()

    def _exchange(self, question: bytes) -> bytes:
        questions, answers = self._process.stdin, self._process.stdout
        assert questions is not None
        assert answers is not None
        send(questions, question)
        return receive(answers)

    def peak_megabytes(self) -> float:
        """The most memory it ever had (Linux)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if "VmHWM" in line)

    def processor_seconds(self) -> float:
        """What it has cost since it began, however busy the machine is with other things."""
        spent = psutil.Process(self._process.pid).cpu_times()
        return spent.user + spent.system

    def close(self) -> int:
        """Let the process end, which it does when nobody asks any more; how, as ``Popen.returncode`` says it."""
        for pipe in (self._process.stdin, self._process.stdout):
            with suppress(BrokenPipeError):
                if pipe:
                    pipe.close()
        try:
            return self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()


class Readers:
    """Reading processes that are idle; at most ``most`` at work, one for each core."""

    def __init__(self, most: int) -> None:
        self._free = threading.BoundedSemaphore(most)
        self._idle: list[Reader] = []

    def ask(self, question: bytes, *, seconds: float) -> bytes:
        with self._free:
            reader = self._idle.pop() if self._idle else Reader()
            answer = reader.ask(question, seconds=seconds)
            self._idle.append(reader)
            return answer

    def peak_megabytes(self) -> float:
        return max(reader.peak_megabytes() for reader in self._idle)

    def processor_seconds(self) -> float:
        return sum(reader.processor_seconds() for reader in self._idle)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


def ask(question: bytes, *, seconds: float = PATIENCE, readers: Readers | None = None) -> bytes | Refused:
    """The answer as it came; or that there is none, for the process died of the question or had to be ended."""
    try:
        return (readers or readers_of(os.getpid())).ask(question, seconds=seconds)
    except Died as died:
        return refused("reading_slow" if died.slow else "reading_died")


@cache
def readers_of(_: int) -> Readers:
    """This process's readers; a fork begins with none of its parent's."""
    readers = Readers(os.cpu_count() or 1)
    atexit.register(readers.close)
    return readers


# --- what is asked ---------------------------------------------------------------------------------------


def examine_apart(
    data: bytes,
    *,
    campaign: Campaign,
    town_code: str,
    village_code: str,
    earlier: Mapping[str, str] | None = None,
    seconds: float = PATIENCE,
    readers: Readers | None = None,
) -> Understood:
    """What the checks make of a dossier; whatever its bytes do to the reader comes back as a finding.

    The reader gets ``earlier`` ID numbers (by place) only when it asked for them.
    """
    foreign = refuse_unreadable(data)
    if foreign:
        return unreadable(foreign)
    whose = {"town_code": town_code, "village_code": village_code}
    asked = pickled("examine", data, campaign=campaign, earlier=earlier, **whose)
    answer = ask(asked, seconds=seconds, readers=readers)
    return unreadable(answer) if isinstance(answer, Refused) else unpack(answer, Understood)


def compare_apart(before: bytes, after: bytes, *, campaign: Campaign, seconds: float = PATIENCE) -> Compared:
    """What changed from one version of a dossier to the other; or why that cannot be told."""
    answer = ask(pickled("compare", before, after, campaign=campaign), seconds=seconds)
    return answer if isinstance(answer, Refused) else unpack(answer, *OUTCOMES)


def annotate_apart(data: bytes, told: Annotation) -> bytes | Refused:
    """A town's file with its findings marked."""
    foreign = refuse_unreadable(data)
    if foreign:
        return foreign
    answer = ask(pickled("annotate", data, told))
    # What comes out of there was made from a stranger's file: it is looked at like one.
    return NOT_ANNOTATED if isinstance(answer, Refused) or refuse_unreadable(answer) else answer


def pictures_apart(data: bytes, *, campaign: Campaign) -> tuple[Picture, ...]:
    """The pictures of a workbook, found and decoded; where that fails, one that is ``unread``."""
    if not has_pictures(data):
        return ()
    answer = ask(pickled("pictures", data, campaign=campaign))
    return (unread(),) if isinstance(answer, Refused) else unpacked(answer)


def photo_apart(data: bytes, *, name: str) -> Picture:
    """A photo by itself, decoded."""
    answer = ask(pickled("photo", data, name=name))
    return unread() if isinstance(answer, Refused) else unpacked(answer)[0]


def table_apart(data: bytes, *, name: str) -> list[list[str]] | Refused:
    """A table of another program: CSV as it is, a workbook's first sheet read apart."""
    if not name.lower().endswith(".xlsx"):
        return read_csv(data)
    foreign = refuse_unreadable(data)
    if foreign:
        return foreign
    answer = ask(pickled("table", data))
    return answer if isinstance(answer, Refused) else unpack(answer, list[list[str]])


def list_texts_apart(data: bytes, *, campaign: Campaign) -> list[FormText]:
    """What annexes 3 and 4 say in words; nothing when the file cannot be read any more."""
    answer = ask(pickled("texts", data, campaign=campaign))
    return [] if isinstance(answer, Refused) else unpack(answer, list[FormText])


def list_roster_apart(data: bytes, *, campaign: Campaign) -> list[RosterLine]:
    """The rows of a roster that was once accepted; none when its file cannot be read any more."""
    answer = ask(pickled("roster", data, campaign=campaign))
    return [] if isinstance(answer, Refused) else unpack(answer, list[RosterLine])
