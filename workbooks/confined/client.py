"""Asking the reading process: one for each that asks at a time, renewed when it dies, and its death an answer."""

from __future__ import annotations

import atexit
import os
import pickle
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
from rules.dossiers.checks.findings import refused
from rules.dossiers.dossier import Understood
from workbooks.confined import differences
from workbooks.confined.differences import Compared
from workbooks.confined.examine import from_json, unreadable
from workbooks.confined.process import LENGTH, PATIENCE
from workbooks.file.guard import refuse_unreadable

KEPT = ("PATH", "LANG", "LC_ALL")
"""What of the environment the process gets: no key, no address of a database."""


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
        questions.write(LENGTH.pack(len(question)) + question)
        questions.flush()
        header = answers.read(LENGTH.size)
        if len(header) < LENGTH.size:
            raise EOFError
        length = LENGTH.unpack(header)[0]
        answer = answers.read(length)
        if len(answer) < length:
            raise EOFError
        return answer

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
    question = pickle.dumps(("examine", campaign, town_code, village_code, data, earlier))
    try:
        return from_json((readers or readers_of(os.getpid())).ask(question, seconds=seconds))
    except Died as died:
        return unreadable(refused("reading_slow" if died.slow else "reading_died"))


def compare_apart(
    before: bytes,
    after: bytes,
    *,
    campaign: Campaign,
    seconds: float = PATIENCE,
    readers: Readers | None = None,
) -> Compared:
    """What changed from one version of a dossier to the other; or why that cannot be told."""
    question = pickle.dumps(("compare", campaign, before, after))
    try:
        return differences.from_json((readers or readers_of(os.getpid())).ask(question, seconds=seconds))
    except Died as died:
        return refused("reading_slow" if died.slow else "reading_died")


def ask_apart(*question: object, seconds: float = PATIENCE) -> bytes | None:
    """The answer to any question of ``workbooks.confined.process.ANSWERS``; None when the process died of it."""
    try:
        return readers_of(os.getpid()).ask(pickle.dumps(question), seconds=seconds)
    except Died:
        return None


@cache
def readers_of(_: int) -> Readers:
    """This process's readers; a fork begins with none of its parent's."""
    readers = Readers(os.cpu_count() or 1)
    atexit.register(readers.close)
    return readers
