"""Who reads English is written to in English, what waits already among it."""

from __future__ import annotations

from pathlib import Path

from actions.messages.delivery import Sender, deliver
from actions.messages.language import choose_language
from actions.messages.preview import text_of
from notifications.channels import Channel
from records.copies.dump import rows_of
from records.store import Store
from records.tables.messages import OutboxRow
from rehearsal.mailbox import Postbox, read_mails
from rules.campaign.campaign import Campaign
from rules.refusals import Refused
from tests.actions.conftest import local


def test_mails_are_in_the_language_of_their_reader(
    submitting: Store, campaign: Campaign, tmp_path: Path
) -> None:
    reader, now = f"clerk-{campaign.towns[0].code}", local(campaign, 11, 2)
    refused = choose_language(submitting, person_id=reader, language="fr", now=now)
    chosen = choose_language(submitting, person_id=reader, language="en", now=now)
    with submitting.reading() as session:
        waiting = next(
            row
            for row in rows_of(session, OutboxRow)
            if row.template == "dossier_opened" and row.person_id == reader
        )
        preview = text_of(session, waiting)

    postbox = Postbox(tmp_path)
    with Channel(postbox.start()) as channel:
        sender = Sender("s", channel, link="http://h.invalid", domain="d.invalid")
        while deliver(submitting, sender, now=now, host_now=now):
            pass
    postbox.stop()

    told = {(mail.to, mail.key): mail for mail in read_mails(tmp_path)}
    mine = [mail for (to, _), mail in told.items() if to.startswith(reader)]
    others = [mail for (to, _), mail in told.items() if not to.startswith(reader)]
    assert isinstance(refused, Refused)
    assert chosen is None
    assert mine
    assert others
    assert all(
        mail.body.partition("\n\n")[0].startswith("Dear ") or "(This mail" in mail.body for mail in mine
    )
    assert all("Dear " not in mail.body for mail in others)
    assert preview.startswith("Please hand in the dossiers of ")
    assert any("(that day included, 13 days left)" in mail.body for mail in mine)
