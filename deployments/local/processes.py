"""The local stack: Prefect server, worker and what else belongs to it, as watched child processes."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from config.places import LOOPBACK
from deployments.local.preflight import Unfit
from deployments.prefect_server import server
from deployments.worker.registry import POOL, PROCESS_POOL, SERVED

log = logging.getLogger("hqe.stack")

LOOK_EVERY = 0.2
STOP_WITHIN = 20.0
SHORTEST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
SERVER_WITHIN = 600.0
"""A busy machine needs minutes for a first start; a server that dies meanwhile is noticed at once."""
MOST_DEATHS = 4
"""A server that dies oftener while it starts does not start."""
STEADY_AFTER = 30.0
ENDINGS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
POLL_OFTEN = {"PREFECT_WORKER_QUERY_SECONDS": "1", "PREFECT_RUNNER_POLL_FREQUENCY": "1"}
"""A bell that somebody else's worker or ``serve`` answers waits for its next poll."""
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


@dataclass
class Child:
    """One process: how it is started, what it is now, and when it may be started again."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log_file: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = SHORTEST_PAUSE
    deaths: int = 0

    def start(self) -> None:
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        with self.log_file.open("ab") as log_to:
            self.process = subprocess.Popen(
                self.command,
                env=dict(self.environment),
                cwd=self.log_file.parent.parent,
                stdin=subprocess.DEVNULL,
                stdout=log_to,
                stderr=subprocess.STDOUT,
                preexec_fn=_die_with(os.getpid()),
                # A Ctrl-C of the terminal reaches us alone; we then stop the children in order.
                start_new_session=True,
            )
        self.started_at = time.monotonic()

    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start_again_if_dead(self) -> bool:
        """Start a dead child again, later after each quick death; True when it was started."""
        if self.is_alive():
            return False
        lived = time.monotonic() - self.started_at
        self.pause = SHORTEST_PAUSE if lived > STEADY_AFTER else self.pause
        if lived < self.pause:
            return False
        self.pause = min(self.pause * 2, LONGEST_PAUSE)
        self.deaths += 1
        log.warning("%s ended and is started again", self.name)
        self.start()
        return True

    def stop(self, *, within: float = STOP_WITHIN) -> int | None:
        """TERM, wait, KILL; the exit code."""
        if self.process is None:
            return None
        if self.is_alive():
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


def _die_with(parent: int) -> Callable[[], None]:
    """For the child, before it becomes another program: be killed when this process dies (Linux only)."""
    if not sys.platform.startswith("linux"):
        return lambda: None
    # Loaded here: between fork and exec nothing may be imported.
    libc = ctypes.CDLL(None, use_errno=True)

    def tie() -> None:
        libc.prctl(DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def _process_worker(limit: int) -> list[str]:
    """Prefect's own worker of type process, as its documentation starts it; it waits for the server."""
    return ["prefect", "worker", "start", "--pool", PROCESS_POOL, "--type", "process", "--limit", str(limit)]


class Stack:
    """Prefect server and worker of one home folder, and whatever `more` names beside them.

    `environment` is what the worker needs beside Prefect's settings: HQE_DATABASE_URL and so on.
    `scheduled=False` is for simulated time: the tick has no schedule then. `processes=True` leaves the
    flows to a stock Prefect process worker, which starts a Python process for each wake-up; `served=True`
    leaves them to a stock `serve`, which does so too, to compare with. `more` names further children, each
    a module with its arguments, in the worker's environment. `under` is a module, for drills, that runs the worker
    and those children inside it.
    Children die with the thread that started them, so `start` belongs to the main thread.
    """

    def __init__(
        self,
        home: Path,
        *,
        environment: Mapping[str, str] | None = None,
        port: int | None = None,
        prefect_database_url: str | None = None,
        threads: int = 2,
        scheduled: bool = True,
        processes: bool = False,
        served: bool = False,
        more: Mapping[str, Sequence[str]] | None = None,
        under: Sequence[str] = (),
    ) -> None:
        self.home = home.resolve()
        self.port = port or server.free_port()
        self._database_url = prefect_database_url
        outside = server.without_prefect({**os.environ, **(environment or {})})
        self.client_environment = server.client_environment(
            self.home, port=self.port, password=server.password(self.home)
        )
        serving = ["deployments.prefect_server.server", "--home", str(self.home), "--port", str(self.port)]
        database = prefect_database_url or server.own_database_url(self.home)
        working = ["deployments.worker.process", "--home", str(self.home), "--threads", str(threads)]
        working += [] if scheduled else ["--no-schedule"]
        pool = PROCESS_POOL if processes else SERVED if served else POOL
        working += ["--pool", pool]
        inside = {**outside, "HQE_HOME": str(self.home), **self.client_environment}
        self._children = {
            "server": self._child("server", serving, {**outside, server.DATABASE_SETTING: database}),
            "worker": self._child("worker", [*under, *working], inside),
        }
        beside = {"processes": _process_worker(threads)} if processes else {}
        beside |= {"serve": ["deployments.bench.stock_serve", "--limit", str(threads)]} if served else {}
        for name, arguments in {**beside, **(more or {})}.items():
            self._children[name] = self._child(name, [*under, *arguments], {**inside, **POLL_OFTEN})
        self._stopping = threading.Event()

    def serve(self, *, ready: Callable[[], object]) -> dict[str, int | None]:
        """Start, say `ready()`, watch; on TERM, INT or HUP stop as one. The exit codes by name.

        Belongs to the main thread. A second signal changes nothing: each child has its time to end.
        """
        for number in ENDINGS:
            # INT as well: a process started with `&` may have inherited it as ignored. `nohup` means it, though.
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, signal.default_int_handler)
        try:
            self.start()
            ready()
            self.watch()
        except KeyboardInterrupt:
            log.info("正在停止 stopping")
        finally:
            for number in ENDINGS:
                signal.signal(number, signal.SIG_IGN)
            ended = self.stop()
        return ended

    def _child(self, name: str, arguments: Sequence[str], environment: Mapping[str, str]) -> Child:
        # -P keeps the working folder off sys.path: a folder named like one of ours must not shadow it.
        command = [sys.executable, "-P", "-m", *arguments]
        return Child(name, command, environment, self.home / "logs" / f"{name}.log")

    @property
    def prefect_url(self) -> str:
        """The address of the Prefect UI; the API lies under `/api`."""
        return f"http://{LOOPBACK}:{self.port}"

    def start(self) -> None:
        """All at once; returns when the server answers, the worker registers the deployments meanwhile."""
        for name, child in self._children.items():
            if name != "server":
                child.start()
        self.start_server()

    def start_server(self, *, timeout: float = SERVER_WITHIN) -> None:
        """Wait until it answers; one that dies meanwhile is started again, Unfit when that does not help."""
        child = self._children["server"]
        child.start()
        before = child.deaths

        def is_hopeless() -> bool:
            self.look()
            return child.deaths - before > MOST_DEATHS

        try:
            server.wait_until_healthy(server.api_url(self.port), timeout=timeout, give_up=is_hopeless)
        except TimeoutError as error:
            raise Unfit(
                f"Prefect 没有启动成功。原因见日志 {child.log_file}；排除后(常见的是磁盘已满、内存不够)重新启动。"
            ) from error

    def watch(self) -> None:
        """Start again what dies, until `stop` is called (from another thread or a signal handler)."""
        while not self._stopping.wait(LOOK_EVERY):
            self.look()

    def look(self) -> list[str]:
        """One look of the watch, for those who have a loop of their own; the names of those started again."""
        return [name for name, child in self._children.items() if child.start_again_if_dead()]

    def stop(self) -> dict[str, int | None]:
        """What people use first, then the workers, the server last; the exit codes by name."""
        self._stopping.set()
        return {name: child.stop() for name, child in reversed(self._children.items())}

    def stop_server(self) -> None:
        self._children["server"].stop()

    def kill(self, name: str) -> None:
        """SIGKILL, for drills; the watch starts it again."""
        process = self._children[name].process
        if process is not None:
            process.kill()
            process.wait()

    def pids(self) -> dict[str, int]:
        """The living children."""
        return {
            name: child.process.pid
            for name, child in self._children.items()
            if child.process is not None and child.is_alive()
        }

    def deaths(self) -> dict[str, int]:
        """How often each was started again."""
        return {name: child.deaths for name, child in self._children.items()}

    def delete_prefect_database(self) -> None:
        """For drills, while the server is stopped: Prefect forgets everything, the business nothing."""
        if self._children["server"].is_alive():
            raise RuntimeError("stop the server first")
        if self._database_url is not None and not self._database_url.startswith("sqlite"):
            raise RuntimeError("only Prefect's own SQLite file is deleted here")
        for file in (self.home / "prefect").glob("prefect.db*"):
            file.unlink()
