"""ClamAV's daemon: a small one that speaks its protocol, and the real one where the machine has it."""

from __future__ import annotations

import hashlib
import shutil
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""What every scanner takes for a virus and nothing else does."""
CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")


@dataclass
class SmallClamd:
    """Answers as clamd does; ``says`` stands in for its answer to a stream, ``seen`` is what it was given."""

    says: bytes = b""
    version: bytes = b"ClamAV 1.4.3/27500/Thu Nov 26 10:00:00 2020"
    seen: list[bytes] = field(default_factory=list)

    def answer(self, line: socket.socket) -> None:
        with line, line.makefile("rb") as said:
            command = b""
            while not command.endswith(b"\0"):
                command += said.read(1)
            if command == b"zINSTREAM\0":
                data = b""
                while size := int.from_bytes(said.read(4), "big"):
                    data += said.read(size)
                self.seen.append(data)
                found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in data else b"stream: OK\0"
                line.sendall(self.says or found)
            else:
                line.sendall({b"zPING\0": b"PONG\0", b"zVERSION\0": self.version + b"\0"}[command])


@contextmanager
def small_clamd(daemon: SmallClamd) -> Iterator[str]:
    """Its address while it listens."""
    with socket.create_server(("127.0.0.1", 0)) as door:

        def serve() -> None:
            while True:
                try:
                    line, _ = door.accept()
                except OSError:
                    return
                daemon.answer(line)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{door.getsockname()[1]}"
        finally:
            door.shutdown(socket.SHUT_RDWR)
            thread.join()


@contextmanager
def real_clamd(folder: Path) -> Iterator[str]:
    """The machine's own clamd with one signature, on a socket in ``folder``."""
    signatures = folder / "signatures"
    signatures.mkdir()
    line = f"{hashlib.md5(EICAR).hexdigest()}:{len(EICAR)}:Test.Virus\n"
    (signatures / "test.hdb").write_text(line)
    place = folder / "clamd.sock"
    settings = folder / "clamd.conf"
    settings.write_text(
        f"DatabaseDirectory {signatures}\nLocalSocket {place}\nForeground yes\nStreamMaxLength 1M\n"
    )
    with subprocess.Popen(
        [str(CLAMD), "--config-file", str(settings)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as daemon:
        try:
            for said in daemon.stdout or ():
                if "Self checking" in said:
                    break
            yield f"unix://{place}"
        finally:
            daemon.terminate()
