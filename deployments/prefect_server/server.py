"""The Prefect server of this house: loopback unless told otherwise, behind a password, one writer at a time."""

from __future__ import annotations

import argparse
import os
import secrets
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any

from config.places import LOOPBACK, keep_private, password_file
from deployments.prefect_server.blank_database import blank_file, lay_out
from deployments.prefect_server.single_writer import OneWriter
from deployments.prefect_server.sqlalchemy_patch import leave_states_out

DATABASE_SETTING = "HQE_PREFECT_DATABASE_URL"

# What this house does not use costs CPU every few seconds all the same: automations (our own sender speaks),
# pauses that expire (our tick owns every deadline), clean-up work for workers on other machines, a feed of events
# (our audit log is the record), marks on late runs. The last two also lock SQLite against the runs at the worst
# time: the feed with every wake-up, the marks with every run that waited while the worker was away.
IDLE_SERVICES = ("TRIGGERS", "PAUSE_EXPIRATIONS", "CLEANUP_RECONCILER", "EVENT_PERSISTER", "LATE_RUNS")

_CLIENT = {
    # Between tries the client waits 2, 4, 8 ... seconds. Our server asks SQLite again by itself, so a failure means
    # that the server is away: three tries outlast its restart, more would only sleep on after it is back.
    "PREFECT_CLIENT_MAX_RETRIES": "3",
    "PREFECT_CLIENT_RETRY_JITTER_FACTOR": "0.2",
    # One round trip less for each client: server and client come from one lock file, and the server asks no token.
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
    "PREFECT_CLIENT_CSRF_SUPPORT_ENABLED": "false",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_WORKER_QUERY_SECONDS": "5",
    # What happened is told by our audit log; Prefect keeps only what warns.
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_TO_API_ENABLED": "true",
}


def free_port() -> int:
    """A port that nobody on loopback listens on right now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        return int(probe.getsockname()[1])


def is_free(port: int) -> bool:
    """Whether the server could listen there; a port that was just given up counts as free."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
        return True


def api_url(port: int) -> str:
    return f"http://{LOOPBACK}:{port}/api"


def password(home: Path) -> str:
    """The `user:password` of the Prefect server, made at the first call and kept readable by its owner alone."""
    kept = password_file(home)
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(f"hqe:{secrets.token_urlsafe(24)}")
    return kept.read_text()


def own_database_url(home: Path) -> str:
    """Prefect's own SQLite file, apart from the business database: it may be deleted at any time."""
    return f"sqlite+aiosqlite:///{home / 'prefect' / 'prefect.db'}"


def server_environment(
    home: Path, *, port: int, password: str, database_url: str | None = None
) -> dict[str, str]:
    """Every setting of the server process; `database_url` defaults to Prefect's own SQLite file under `home`."""
    # For the operator's own browser; whoever comes through the portal is told another address there.
    address = f"http://{LOOPBACK}:{port}"
    switched_off = {f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in IDLE_SERVICES}
    return {
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": database_url or own_database_url(home),
        "PREFECT_SERVER_API_HOST": LOOPBACK,
        "PREFECT_SERVER_API_PORT": str(port),
        "PREFECT_SERVER_API_AUTH_STRING": password,
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": address,
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_UI_ENABLED": "true",
        "PREFECT_SERVER_UI_API_URL": f"{address}/api",
        "PREFECT_SERVER_UI_STATIC_DIRECTORY": str(home / "prefect" / "ui"),
        "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
        "PREFECT_SERVER_EVENTS_RETENTION_PERIOD": "P2D",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        **switched_off,
    }


def client_environment(home: Path, *, port: int, password: str) -> dict[str, str]:
    """Every setting of a process that talks to the server: the worker, the command line, a test."""
    return {
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_API_URL": api_url(port),
        "PREFECT_API_AUTH_STRING": password,
        **_CLIENT,
    }


def joining_environment(home: Path, *, api: str) -> dict[str, str]:
    """The same for a process on another machine or in another container that shares `home`."""
    settings = client_environment(home, port=0, password=password(home))
    return settings | {"PREFECT_API_URL": api}


def without_prefect(environment: MutableMapping[str, str]) -> dict[str, str]:
    """A copy without anybody's own Prefect settings, so that no shell sends our runs to another server."""
    return {name: value for name, value in environment.items() if not name.startswith("PREFECT_")}


def hush_locked_database() -> None:
    """Keep the server from logging 80 lines for each lock that is asked again anyway."""
    import logging

    def is_news(record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        return "database is locked" not in str(error)

    logging.getLogger("prefect.server").addFilter(is_news)


def is_healthy(url: str, *, timeout: float = 1.0) -> bool:
    """Whether the server under `url` (with `/api`) answers; asking needs no password."""
    return answers(f"{url}/health", timeout=timeout)


def answers(url: str, *, timeout: float = 3.0) -> bool:
    """Whether a page is there."""
    try:
        with urllib.request.urlopen(url, timeout=timeout) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def wait_until_healthy(url: str, *, timeout: float = 60.0, give_up: Callable[[], bool] | None = None) -> None:
    """Return when the server answers; TimeoutError when it does not in time, or as soon as `give_up()` is true."""
    deadline = time.monotonic() + timeout
    while not is_healthy(url):
        if time.monotonic() > deadline or (give_up is not None and give_up()):
            raise TimeoutError(f"the Prefect server at {url} does not answer")
        time.sleep(0.1)


def run_server(home: Path, *, port: int, host: str = LOOPBACK, database_url: str | None = None) -> None:
    """Serve until TERM or INT; the settings of this house replace any Prefect settings of the caller's shell."""
    settings = server_environment(home, port=port, password=password(home), database_url=database_url)
    for name in [name for name in os.environ if name.startswith("PREFECT_")]:
        del os.environ[name]
    os.environ.update(settings)

    # Prefect reads its settings when it is imported, so not before here.
    import uvicorn
    from prefect.server.api.server import create_app

    if database_url in (None, own_database_url(home)):
        lay_out(home / "prefect" / "prefect.db", blank=blank_file())
    application: Any = create_app(final=True)
    if settings["PREFECT_SERVER_DATABASE_CONNECTION_URL"].startswith("sqlite"):
        application = OneWriter(application)
    hush_locked_database()
    leave_states_out()
    uvicorn.run(application, host=host, port=port, log_level="warning", timeout_graceful_shutdown=3)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m deployments.prefect_server.server", description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default=LOOPBACK, help="another one only inside a private network")
    options = parser.parse_args(arguments)
    keep_private()
    # Not an argument: it may hold a password, and arguments are shown to every user of the machine.
    run_server(
        options.home.resolve(),
        port=options.port,
        host=options.host,
        database_url=os.environ.get(DATABASE_SETTING),
    )


if __name__ == "__main__":
    main()
