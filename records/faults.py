"""What the machine refuses (a full disk, a file that may not be written, a database that is away), in sentences."""

from __future__ import annotations

import errno
from dataclasses import dataclass
from typing import Literal

from sqlalchemy.exc import DBAPIError, OperationalError

Kind = Literal["full", "readonly", "unusable", "busy", "away"]

SENTENCES: dict[Kind, str] = {
    "full": "磁盘已满，没有办理任何事项。请联系系统管理员清理磁盘后重试。",
    "readonly": "数据库只能读取，没有办理任何事项。请联系系统管理员检查状态文件夹的权限。",
    "unusable": "数据库文件读写失败，没有办理任何事项。请联系系统管理员检查磁盘。",
    "busy": "数据库正忙，没有办理任何事项。请稍后重试。",
    "away": "数据库暂时连接不上，没有办理任何事项。请稍后重试。",
}
CODES: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("full", ("SQLITE_FULL", "53100")),
    ("readonly", ("SQLITE_READONLY", "25006")),
    ("unusable", ("SQLITE_CANTOPEN", "SQLITE_IOERR", "SQLITE_PERM", "58030")),
    ("busy", ("SQLITE_BUSY", "SQLITE_LOCKED", "40P01", "40001", "55P03")),
    # 53300: as many connections as the server takes.
    ("away", ("57P01", "57P02", "57P03", "53300", "08")),
)
"""How the codes begin by which a database says why it does not go."""
OF_SYSTEM: dict[int, tuple[Kind, str]] = {
    errno.ENOSPC: ("full", "磁盘已满"),
    errno.EDQUOT: ("full", "磁盘配额已用完"),
    errno.EROFS: ("readonly", "所在的磁盘只能读取"),
    errno.EACCES: ("readonly", "没有读写的权限"),
    errno.EPERM: ("readonly", "没有读写的权限"),
    errno.EIO: ("unusable", "磁盘读写失败"),
}
"""What the operating system says of a file, and that in words."""


class Unwritten(Exception):
    """The database would not take an act: nothing was written. Its text is a sentence for whoever acted."""


@dataclass(frozen=True, slots=True)
class FileFault:
    """What is wrong with which file; an empty place when the system did not name one."""

    what: str
    where: str


def code_of(error: BaseException) -> str:
    """The code that the database gave, through SQLAlchemy or straight from its driver; empty without one."""
    told = getattr(error, "orig", None) or error
    return getattr(told, "sqlstate", None) or getattr(told, "sqlite_errorname", None) or ""


def kind_of(error: BaseException) -> Kind | None:
    """Why the machine does not go; None for a fault of the program."""
    if isinstance(error, OSError):
        return OF_SYSTEM[error.errno][0] if error.errno in OF_SYSTEM else None
    code = code_of(error)
    known: Kind | None = next((kind for kind, codes in CODES if code and code.startswith(codes)), None)
    lost = isinstance(error, DBAPIError) and (
        error.connection_invalidated or (isinstance(error, OperationalError) and not code)
    )
    return known or ("away" if lost else None)


def why_not(error: BaseException) -> str:
    """The sentence for whoever acted; empty for a fault of the program."""
    if isinstance(error, Unwritten):
        return str(error)
    kind = kind_of(error)
    return SENTENCES[kind] if kind else ""


def file_fault(error: BaseException) -> FileFault | None:
    """What the system would not do with a file; None when it is about something else."""
    if isinstance(error, OSError) and error.errno in OF_SYSTEM:
        return FileFault(OF_SYSTEM[error.errno][1], str(error.filename or ""))
    return None
