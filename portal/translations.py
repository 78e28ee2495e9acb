"""What has to be translated: every text of the pages, of the tables behind them, and every refusal's code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from actions.campaign.targets import TITLES as REACHED
from actions.duties.posting import TITLES as DUTIES
from actions.messages.preview import WITHHELD
from actions.overview.counts import MEASURES
from portal.dossiers import town, village
from portal.overview import board, messages, time_ledger, timeline
from portal.web.errors import SENTENCES
from portal.web.language import FINDING, REFUSAL, catalogue_file
from portal.web.menu import MENU
from portal.web.rendering import FOLDER, SAID
from records.faults import SENTENCES as FAULTS
from rules.campaign import states
from rules.campaign.campaign import ROLES
from rules.dossiers import withdrawal
from rules.dossiers.checks.annotation import SINCE, TITLES
from rules.dossiers.checks.kinds import FINDINGS, STAGES
from rules.dossiers.pictures import TROUBLES
from rules.duties.calls import OUTCOMES as CALLS
from rules.people.rights import SCOPES
from rules.review.explanation import STEPS
from rules.review.likeness import TITLES as LIKENESS
from rules.review.objections import ANSWERS, OUTCOMES
from rules.review.parties import PARTIES
from rules.review.reconciliation import GROUNDS
from rules.review.visit_plan import STANDINGS, WHY
from rules.review.visits import MET

ROOT = FOLDER.parent
CODED = re.compile(r'\bRefused\(\s*"([a-z_]+)"')
REFUSING = ("rules", "config", "records", "workbooks", "actions", "portal")
"""Rooms whose refusals a page may show."""


def vocabulary() -> Iterator[str]:
    """Chinese words of the tables that pages show, each as the table has it."""
    for table in (
        SAID,
        ROLES,
        SCOPES,
        DUTIES,
        states.TITLES,
        board.SIDES,
        PARTIES,
        STEPS,
        GROUNDS,
        timeline.WORDS,
        messages.STATES,
        town.STEPS,
        TITLES,
        SINCE,
        STAGES,
        village.UPLOAD_STATES,
        MET,
        WHY,
        STANDINGS,
        OUTCOMES,
        ANSWERS,
        TROUBLES,
        LIKENESS,
        REACHED,
        CALLS,
        time_ledger.KINDS,
    ):
        yield from table.values()
    yield WITHHELD
    yield from withdrawal.SENTENCES
    yield from chain.from_iterable(SENTENCES.values())
    yield from FAULTS.values()
    yield WITHHELD
    yield from (measure for measure, _ in MEASURES.values())
    yield from (title for title, _, _ in MENU)


def texts() -> Iterator[str]:
    """Every text that a template marks with ``_()``."""
    found = extract_from_dir(FOLDER / "templates", [("**.html", "jinja2")])
    yield from (message for _, _, message, _, _ in found if isinstance(message, str))


def refusal_codes() -> Iterator[str]:
    for file in _python_files():
        yield from CODED.findall(file.read_text(encoding="utf-8"))


def _python_files() -> Iterator[Path]:
    for room in REFUSING:
        yield from sorted((ROOT / room).rglob("*.py"))


def template() -> Catalog:
    """All that a translator has to say, without any translation."""
    wanted = Catalog(project="hqe", charset="utf-8")
    for text in sorted({*texts(), *vocabulary()}):
        wanted.add(text)
    for context, codes in ((REFUSAL, refusal_codes()), (FINDING, iter(FINDINGS))):
        for code in sorted(set(codes)):
            wanted.add(code, context=context)
    return wanted


def untranslated(name: str) -> list[str]:
    """What the catalogue of a language lacks, or says of texts that there are no more."""
    with catalogue_file(name).open("rb") as source:
        there = read_po(source, locale=name)
    said = {_key(one) for one in there if one.id and one.string and not one.fuzzy}
    asked = {_key(one) for one in template() if one.id}
    return sorted(
        [f"missing: {text}" for text, _ in asked - said] + [f"gone: {text}" for text, _ in said - asked]
    )


def _key(message: Message) -> tuple[str, str]:
    return str(message.id), message.context or ""


def bring_up_to_date(name: str) -> None:
    """Write the catalogue anew: what is asked now, with the translations that are there."""
    file = catalogue_file(name)
    there = Catalog(locale=name)
    if file.exists():
        with file.open("rb") as source:
            there = read_po(source, locale=name)
    there.update(template(), no_fuzzy_matching=True)
    there.obsolete.clear()
    with file.open("wb") as target:
        write_po(target, there, no_location=True, omit_header=True, width=110)
