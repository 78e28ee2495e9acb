"""Every entry of the audit log goes off the machine too: to a file or a syslog server, each line signed."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Sequence
from datetime import UTC
from pathlib import Path
from urllib.parse import urlsplit

from records import audit
from records.sealing.vault import Keyless, Vault
from records.store import Store
from records.tables.upkeep import AuditRow

AT_ONCE = 500
MARK = "audit-exported"
"""File of the state folder: up to which entry all has gone."""
ABOUT = "audit export"
SYSLOG_PORT = 514
PRIORITY = 110
"""RFC 5424: facility 13 (log audit), severity 6 (informational)."""

Send = Callable[[Sequence[str]], None]


def export(store: Store, *, to: str) -> int:
    """Send what has not gone yet, in order; how many lines. What was sent before a break may come twice.

    Raises OSError where the place does not take it: the next tick tries again.
    """
    if not to:
        return 0
    done, sent = exported(store.home), 0
    while lines := _lines(store, done):
        _sender(to)([text for _, text in lines])
        done, sent = lines[-1][0], sent + len(lines)
        (store.home / MARK).write_text(f"{done}\n", encoding="utf-8")
    return sent


def exported(home: Path) -> int:
    """The last entry that has gone."""
    try:
        return int((home / MARK).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0


def _lines(store: Store, done: int) -> list[tuple[int, str]]:
    with store.reading() as session:
        return [
            (row.seq, line_of(row, store.vault)) for row in audit.links_after(session, done, limit=AT_ONCE)
        ]


def line_of(row: AuditRow, vault: Vault) -> str:
    """One JSON object; ``mac`` is what only a holder of the key can say of the rest, under that key's fingerprint."""
    told = {
        "seq": row.seq,
        "at": row.at.astimezone(UTC).isoformat(),
        "actor": row.actor,
        "act": row.act,
        "subject": row.subject,
        "facts": json.loads(row.facts),
        "hash": row.hash,
    }
    plain = _as_text(told)
    key = "" if isinstance(vault, Keyless) else vault.fingerprint()
    mac = vault.sign(plain.encode(), about=ABOUT, key=key) if key else None
    return _as_text({**told, "key": key, "mac": mac or ""})


def is_genuine(line: str, vault: Vault) -> bool:
    """Whether a line is as it left here."""
    told = json.loads(line)
    mac, key = told.pop("mac"), told.pop("key")
    return bool(key) and vault.sign(_as_text(told).encode(), about=ABOUT, key=key) == mac


def _as_text(told: dict[str, object]) -> str:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _sender(to: str) -> Send:
    parts = urlsplit(to)
    if parts.scheme == "file":
        return lambda lines: _append(Path(parts.path), lines)
    return lambda lines: _tell(parts.hostname or "", parts.port or SYSLOG_PORT, lines)


def _append(file: Path, lines: Sequence[str]) -> None:
    with file.open("a", encoding="utf-8") as out:
        out.writelines(f"{line}\n" for line in lines)
        out.flush()


def _tell(host: str, port: int, lines: Sequence[str]) -> None:
    """Syslog over TCP, each message with its length before it (RFC 6587)."""
    with socket.create_connection((host, port), timeout=10) as out:
        for line in lines:
            message = f"<{PRIORITY}>1 - - hqe - audit - {line}".encode()
            out.sendall(f"{len(message)} ".encode() + message)
