"""``hqe parts``: of what this installation consists."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.options import json_option
from commands.terminal.output import write_json


@click.command()
@json_option
def parts(json_file: Path | None) -> None:
    """List every library of this installation with its licence; --json writes it as CycloneDX 1.6.

    列出本机安装的全部程序库及其许可；--json 写成 CycloneDX 1.6，可交给漏洞核对工具。
    """
    from deployments.doctor import parts as found

    bom = found.parts()
    write_json(json_file, bom)
    for name, version, licence in found.lines(bom):
        click.echo(f"{name} {version}  {licence}")
