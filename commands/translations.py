"""``hqe translations``: what the portal's English catalogue still lacks."""

from __future__ import annotations

import click

from commands.terminal.output import refuse


@click.command()
@click.option("--write", is_flag=True, help="Bring the catalogue's list of texts up to date first.")
def translations(write: bool) -> None:
    """Name every text of the portal that has no English yet, and every translation of a text that is gone.

    列出门户页面中还没有英文的文字。译文在 portal/locale/en.po，用任何文字编辑器修改即可。
    """
    from portal import translations as catalogue
    from portal.web.language import CHINESE, NAMES

    missing = []
    for name in sorted({*NAMES} - {CHINESE}):
        if write:
            catalogue.bring_up_to_date(name)
        missing += [f"{name}: {text}" for text in catalogue.untranslated(name)]
    for line in missing:
        click.echo(line)
    if missing:
        refuse(f"{len(missing)} texts to translate in portal/locale")
    click.echo("every text of the portal is translated")
