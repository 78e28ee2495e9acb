"""Word files as PDF, by LibreOffice where it is installed: without a window, a profile of its own, a time limit."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from rules.refusals import Refused

PROGRAMS = ("soffice", "libreoffice")
SECONDS = 120
INSTALL = "请下载 Word 文件，或安装 LibreOffice Writer 后再试(Debian：apt install libreoffice-writer)。"
NO_OFFICE = Refused("no_office", f"本机没有安装 LibreOffice，不能生成PDF。{INSTALL}")
FAILED = Refused("office_failed", f"LibreOffice 没有生成PDF，可能没有安装其中的 Writer。{INSTALL}")


def find_office() -> str | None:
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def as_pdf(word: bytes) -> bytes | Refused:
    """The PDF; refused with what to do when there is no LibreOffice, or it fails."""
    program = find_office()
    if program is None:
        return NO_OFFICE
    with TemporaryDirectory(prefix="hqe-office-") as folder:
        source = Path(folder) / "paper.docx"
        source.write_bytes(word)
        command = [
            program, f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}", "--headless", "--norestore",
            "--convert-to", "pdf", "--outdir", folder, str(source),
        ]  # fmt: skip
        try:
            subprocess.run(command, capture_output=True, check=True, timeout=SECONDS)
            return source.with_suffix(".pdf").read_bytes()
        except (OSError, subprocess.SubprocessError):
            return FAILED
