"""Help for everybody: what each finding means and what to do, by stage, as the table of the checks has it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from portal.web.menu import the_campaign
from portal.web.rendering import show
from portal.web.request import Asked
from portal.web.routes import Route
from rules.dossiers.checks.annotation import TITLES
from rules.dossiers.checks.findings import plain
from rules.dossiers.checks.kinds import FINDINGS, STAGES

TONES = {"error": "late", "warning": "wait", "corrected": "", "trial": ""}
"""In what tone a page tells each severity."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of finding; the page links to it by its code."""

    code: str
    severity: str
    title: str
    sentence: str
    advice: str


def show_findings_help(asked: Asked) -> Response:
    with asked.store.reading() as session:
        campaign = the_campaign(session)
    return show(
        asked, "dossiers/help_findings.html", {"campaign": campaign, "stages": stages(), "tones": TONES}
    )


def stages() -> list[tuple[str, Sequence[Entry]]]:
    """Title of each stage and its kinds of findings, in the order of the checks."""
    return [
        (title, [entry(code) for code in FINDINGS if FINDINGS[code].stage == stage])
        for stage, title in STAGES.items()
    ]


def entry(code: str) -> Entry:
    kind = FINDINGS[code]
    return Entry(code, kind.severity, TITLES[kind.severity], plain(kind.sentence), kind.advice)


ROUTES = (Route("GET", "/help/findings", "help.read", show_findings_help),)
