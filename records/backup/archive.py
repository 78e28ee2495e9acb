"""A backup as one file: a ZIP of parts, a manifest that holds the hash of each, and its signature by the key."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hmac import compare_digest
from pathlib import Path
from zlib import error as ZlibError

from records.sealing.vault import Vault
from rules.refusals import Refused

FORMAT = 1
MANIFEST = "manifest.json"
SIGNATURE = "manifest.signature"
"""The fingerprint of each key that was in use, and what it says of the manifest's bytes."""
SURE = "确知备份的来历（例如一直锁在柜中），可加 --unsigned 恢复，恢复后请核对各人的角色和邮箱。"
PRIVATE = 0o600
TELL_EVERY = 200
UNFINISHED = ".part"

Progress = Callable[[str, int], object]
"""Hears the table under way and how many of its rows are through, every so many rows."""
Named = tuple[str, Iterator[bytes]]


def unheard(_table: str, _rows: int) -> None:
    """For those who need no progress."""


@dataclass(frozen=True, slots=True)
class Part:
    """One table: its rows and the SHA-256 of its lines. The first line names the columns."""

    table: str
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Source:
    """What was backed up. Times are ISO 8601 in UTC."""

    version: str
    """Of the program that wrote the backup."""
    revision: str
    """Of the database's schema."""
    taken_at: str
    database: str
    campaigns: tuple[str, ...]
    simulated: bool
    audit_length: int
    audit_head: str
    audit_whole: bool
    key: str
    """The fingerprint of the key that opens the files; empty when there was none. Halfway through a change
    of the key there are two, joined by a plus: the old one and the new one."""

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(one for one in self.key.split("+") if one)


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; the key is never inside."""

    source: Source
    parts: tuple[Part, ...]
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(part.rows for part in self.parts)

    def as_json(self) -> str:
        return json.dumps({**asdict(self), "key_inside": False}, ensure_ascii=False, indent=2)


def write(
    path: Path, source: Source, parts: Iterable[Named], *, vault: Vault, progress: Progress
) -> Manifest:
    """Write a backup to ``path``, which must not exist yet; the caller checks and names it finally."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(handle, "wb") as file:
        # Most of it is encrypted files: pressing harder than the least would only take time.
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            written = tuple(_write_part(archive, name, lines, progress) for name, lines in parts)
            manifest = Manifest(source, written)
            told = manifest.as_json().encode()
            archive.writestr(MANIFEST, told)
            archive.writestr(SIGNATURE, json.dumps(_signed(vault, told, keys=source.keys)))
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _signed(vault: Vault, told: bytes, *, keys: Iterable[str]) -> dict[str, str]:
    said = {key: vault.sign(told, about=SIGNATURE, key=key) for key in {vault.fingerprint(), *keys}}
    return {key: text for key, text in said.items() if text is not None}


def refuse_unsigned(path: Path, vault: Vault) -> Refused | None:
    """Only a manifest that a key at hand has signed is believed; one that its signature belies never is."""
    with zipfile.ZipFile(path) as archive:
        told = archive.read(MANIFEST)
        said = json.loads(archive.read(SIGNATURE)) if SIGNATURE in archive.namelist() else {}
    if not said:
        return Refused(
            "unsigned", f"备份 {path} 没有密钥的签名：由旧程序或没有密钥时写成，或签名被人去掉。{SURE}"
        )
    known = {key: vault.sign(told, about=SIGNATURE, key=key) for key in said}
    if any(mine is not None and not compare_digest(mine, said[key]) for key, mine in known.items()):
        return Refused("forged", f"备份 {path} 的清单与密钥的签名不符：写成之后被人改动过。请换一份备份。")
    if not any(known.values()):
        return Refused(
            "key_away",
            f"本机没有给备份 {path} 签名的密钥（指纹 {'、'.join(known)}），看不出备份有没有被改动过。"
            f"请先放好密钥再恢复。{SURE}",
        )
    return None


def _write_part(archive: zipfile.ZipFile, table: str, lines: Iterator[bytes], progress: Progress) -> Part:
    counted = Counted(table, lines, progress)
    with archive.open(_member(table), "w", force_zip64=True) as part:
        for line in counted:
            part.write(line)
    return counted.part()


class Counted:
    """Lines of a table that are counted and hashed on their way through."""

    def __init__(self, table: str, lines: Iterable[bytes], progress: Progress) -> None:
        self._table, self._lines, self._progress = table, lines, progress
        self._sum = hashlib.sha256()
        self._count = self._size = 0

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            if self._count % TELL_EVERY == 0:
                self._progress(self._table, self._count)
            self._sum.update(line)
            self._count, self._size = self._count + 1, self._size + len(line)
            yield line

    def part(self) -> Part:
        """What went through; the line with the columns' names is no row."""
        return Part(self._table, max(self._count - 1, 0), self._size, self._sum.hexdigest())


def read_manifest(path: Path) -> Manifest | Refused:
    """What the backup says of itself."""
    try:
        with zipfile.ZipFile(path) as archive:
            told = json.loads(archive.read(MANIFEST))
        if told["format"] != FORMAT:
            return Refused(
                "format",
                f"{path} 的备份格式为第{told['format']}版，本程序只认识第{FORMAT}版，请先升级程序。",
            )
        source = Source(**{**told["source"], "campaigns": tuple(told["source"]["campaigns"])})
        return Manifest(source, tuple(Part(**part) for part in told["parts"]))
    except OSError as error:
        return Refused("unreadable", f"备份文件 {path} 无法读取：{error.strerror}。请检查路径和权限。")
    except (zipfile.BadZipFile, ZlibError, KeyError, TypeError, ValueError):
        return Refused(
            "not_a_backup", f"{path} 不是本程序的备份文件，或文件不完整。请换一份备份，或重新复制该文件。"
        )


def check(path: Path, manifest: Manifest, *, progress: Progress) -> Refused | None:
    """Read everything once and compare with the manifest."""
    for part in manifest.parts:
        try:
            with open_part(path, part.table, progress=progress) as lines:
                for _ in lines:
                    pass
                found = lines.part()
        except (OSError, zipfile.BadZipFile, ZlibError, KeyError):
            found = None
        if found != part:
            return Refused(
                "damaged",
                f"备份 {path} 已损坏：数据表 {part.table} 与清单不符。请换一份备份，或重新复制该文件。",
            )
    return None


@contextmanager
def open_part(path: Path, table: str, *, progress: Progress) -> Iterator[Counted]:
    """The lines of one part, while the block lasts."""
    with zipfile.ZipFile(path) as archive, archive.open(_member(table)) as lines:
        yield Counted(table, lines, progress)


def _member(table: str) -> str:
    return f"tables/{table}.jsonl"
