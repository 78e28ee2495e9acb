"""``hqe steer``: a reminder of the forecast held back, sent at once, or given a sentence."""

from __future__ import annotations

from pathlib import Path

import click

from commands.terminal.installation import business_now, opened, under_way
from commands.terminal.options import by_option, campaign_option, home_option
from commands.terminal.output import decline


@click.command()
@click.argument("key")
@click.argument("how", type=click.Choice(["hold", "now", "words"]))
@click.option("--words", default="", help="Why it is held back, or what the bureau adds to it.")
@by_option
@campaign_option
@home_option
def steer(key: str, how: str, words: str, by: str, campaign_id: str | None, home: Path | None) -> None:
    """Hold a reminder of the forecast back, send it now, or add words to it; the next one comes as planned.

    预告的提醒不发(hold)、立即发送(now)或加附言(words);首次通知、回执和决定照常发出。KEY as in `forecast --keys`.
    """
    from actions.overview import steering

    with opened(home) as store:
        refused = steering.steer(
            store,
            campaign_id=under_way(store, campaign_id),
            key=key,
            how=how,
            words=words,
            by=by,
            now=business_now(store),
        )
    if refused:
        decline(refused)
    click.echo(f"已记下：{steering.HOW[how]}。")
