"""Asking ClamAV about a stranger's bytes before they leave the house again: only a plain yes lets them go."""

from __future__ import annotations

import logging
import re
import socket
from datetime import datetime
from urllib.parse import urlsplit

from rules.refusals import Refused

CHUNK = 256 * 1024
CONNECT_S, ANSWER_S = 5, 60
LONGEST_ANSWER = 4096
CLEAN = "stream: OK"
FOUND = re.compile(r"stream: (.+) FOUND")
MADE = re.compile(r"ClamAV [^/]+/\d+/(.+)")
"""The answer to VERSION ends with when the signatures were made, as C writes it."""
AWAY = Refused("scanner_away", "杀毒程序没有应答，文件暂时不能打开或下载。请稍后再试，或联系管理员。")

log = logging.getLogger(__name__)


def refuse_infected(data: bytes, *, scanner: str) -> Refused | None:
    """None for what ``scanner`` (``unix:///...`` or ``tcp://host:port``) calls clean, and where none is set."""
    if not scanner:
        return None
    try:
        answer = ask(scanner, b"zINSTREAM\0", data)
    except OSError as error:
        log.warning("no answer from clamd: %s", type(error).__name__)
        return AWAY
    if answer == CLEAN:
        return None
    found = FOUND.fullmatch(answer)
    if found is None:
        log.warning("clamd did not scan: %s", answer[:200])
        return AWAY
    return Refused(
        "virus_found",
        f"杀毒程序在这份文件里发现“{found[1][:80]}”，不能打开或下载。请联系报送人重新填写并上传。",
    )


def is_awake(scanner: str) -> bool:
    try:
        return ask(scanner, b"zPING\0") == "PONG"
    except OSError:
        return False


def signatures_made(scanner: str) -> datetime | None:
    """When the signatures were made, in the scanner's own time; None where it does not say."""
    try:
        made = MADE.fullmatch(ask(scanner, b"zVERSION\0"))
        return datetime.strptime(made[1], "%a %b %d %H:%M:%S %Y") if made else None  # noqa: DTZ007 (it names no zone)
    except (OSError, ValueError):
        return None


def ask(scanner: str, command: bytes, data: bytes | None = None) -> str:
    """One question and its answer; ``data`` goes in pieces, each after its length (clamd(8), INSTREAM)."""
    with opened(scanner) as line:
        line.sendall(command)
        if data is not None:
            for start in range(0, len(data), CHUNK):
                piece = data[start : start + CHUNK]
                line.sendall(len(piece).to_bytes(4, "big") + piece)
            line.sendall(bytes(4))
        return answer_on(line)


def opened(scanner: str) -> socket.socket:
    at = urlsplit(scanner)
    if at.scheme == "unix":
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(CONNECT_S)
        try:
            line.connect(at.path)
        except OSError:
            line.close()
            raise
    else:
        line = socket.create_connection((str(at.hostname), at.port or 0), timeout=CONNECT_S)
    line.settimeout(ANSWER_S)
    return line


def answer_on(line: socket.socket) -> str:
    """What stands before the first NUL; half an answer is none."""
    said = b""
    while b"\0" not in said:
        piece = line.recv(LONGEST_ANSWER)
        said += piece
        if not piece or len(said) > LONGEST_ANSWER:
            raise ConnectionError("clamd ended in mid-answer")
    return said.partition(b"\0")[0].decode("utf-8", "replace").strip()
