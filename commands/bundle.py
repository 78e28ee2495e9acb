"""``hqe bundle``: one file with which a machine without internet is installed."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import click

from commands.terminal.output import refuse

LOCK = "requirements.lock"
WHEELS = "wheels"
FONTS = "fonts"
NEVER = frozenset({".venv", "var", "site", ".git", "__pycache__", WHEELS, FONTS})


@click.command()
@click.option(
    "--to",
    "target",
    type=click.Path(path_type=Path, dir_okay=False),
    default=Path("hqe-offline.tar.gz"),
    show_default=True,
    help="The file to write.",
)
@click.option(
    "--font",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="A Chinese font to go with it.",
)
def bundle(target: Path, font: Path | None) -> None:
    """Pack the program with every library and a Chinese font into one file, for a machine without internet.

    离线安装包:在能上网、系统和 Python 版本相同的机器上生成;拷到目标机器解开,直接运行 ./hqe,不再联网。
    """
    from config.places import ROOT
    from rules.refusals import Refused
    from workbooks.papers.fonts import Font, find_font

    with tempfile.TemporaryDirectory() as place:
        wheels = Path(place) / WHEELS
        _fetch(ROOT / LOCK, wheels)
        found = find_font(str(font or ""))
        if isinstance(found, Refused) and font:
            refuse(found.reason)
        with tarfile.open(target, "w:gz") as packed:
            for path in _files(ROOT):
                packed.add(path, arcname=str(Path("hqe") / path.relative_to(ROOT)))
            packed.add(wheels, arcname=f"hqe/{WHEELS}")
            if isinstance(found, Font):
                packed.add(found.file.resolve(), arcname=f"hqe/{FONTS}/{found.file.name}")
    size = target.stat().st_size / 2**20
    click.echo(
        f"已写入 {target}({size:.0f} MB，Python {sys.version_info[0]}.{sys.version_info[1]}，{sys.platform})。"
    )
    click.echo("在目标机器上:tar xzf 此文件 && cd hqe && ./hqe rehearse --villages 3")
    if isinstance(found, Refused):
        click.secho("! 本机没有中文字体，PDF 回执需要另装(fonts-noto-cjk)。", fg="yellow")


def _fetch(lock: Path, wheels: Path) -> None:
    """Every library of the lock as it stands there, for this Python and system."""
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "-q", "--no-deps"]
    wanted = ["--require-hashes", "-r", str(lock), "-d", str(wheels)]
    done = subprocess.run([*pip, *wanted], check=False, capture_output=True, text=True)
    if done.returncode:
        refuse(f"库没有取全：{done.stderr.strip().splitlines()[-1]}")


def _files(root: Path) -> list[Path]:
    """What belongs to the program: what git keeps, or everything but what a run leaves."""
    kept = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z"], check=False, capture_output=True, text=True
    )
    if kept.returncode == 0 and kept.stdout:
        return [root / name for name in kept.stdout.split("\0") if name and (root / name).exists()]
    return [
        path
        for path in sorted(root.rglob("*"))
        if path.is_file() and not NEVER.intersection(path.relative_to(root).parts)
    ]
