"""The languages of the pages: Chinese, in which the templates are written, and English from a catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from fractions import Fraction
from functools import lru_cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path

from babel.core import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from starlette.requests import Request

from config.places import ROOT
from notifications.wording import WEEKDAYS
from rules.campaign import scoring_words, states
from rules.campaign.campaign import ROLES
from rules.refusals import Refused

CHINESE, ENGLISH = "zh", "en"
NAMES: Mapping[str, str] = {CHINESE: "中文", ENGLISH: "English"}
COOKIE = "hqe-language"
CATALOGUES = ROOT / "portal" / "locale"
REFUSAL, FINDING = "refusal", "finding"
"""Contexts of the catalogue whose keys are codes: their Chinese sentences are written where they arise."""


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its catalogue, and its words for moments, states and roles."""

    name: str
    catalogue: NullTranslations

    @property
    def tag(self) -> str:
        """For the ``lang`` attribute (BCP 47)."""
        return "zh-CN" if self.name == CHINESE else self.name

    @property
    def other(self) -> str:
        return ENGLISH if self.name == CHINESE else CHINESE

    def say(self, text: str) -> str:
        """``text``, which is Chinese, in this language; as it is where the catalogue lacks it."""
        return self.catalogue.gettext(text) if text else ""

    def say_coded(self, context: str, code: str) -> str:
        """The sentence for a refusal's or finding's code; empty in Chinese and where there is none."""
        said = self.catalogue.pgettext(context, code)
        return "" if said == code else said

    def refusal(self, refused: Refused) -> str:
        return self.say_coded(REFUSAL, refused.code) or self.say(refused.reason)

    def day(self, at: datetime, zone: tzinfo) -> str:
        """``11月15日(日)``, ``Sun 15 Nov``."""
        local = at.astimezone(zone)
        if self.name == CHINESE:
            return f"{local.month}月{local.day}日({WEEKDAYS[local.weekday()]})"
        return f"{local:%a} {local.day} {local:%b}"

    def days(self, first: date, last: date) -> str:
        """``10月1日至10月8日``, ``1 Oct to 8 Oct``; a single day alone."""
        said = [
            f"{one.month}月{one.day}日" if self.name == CHINESE else f"{one.day} {one:%b}"
            for one in dict.fromkeys((first, last))
        ]
        return ("至" if self.name == CHINESE else " to ").join(said)

    def moment(self, at: datetime, zone: tzinfo) -> str:
        """``11月15日(日) 23:59``, ``Sun 15 Nov 23:59``."""
        return f"{self.day(at, zone)} {at.astimezone(zone):%H:%M}"

    def state(self, name: str, kind: str) -> str:
        """The title of a state: of a stage, a gate, a duty or a village."""
        return self.say(states.TITLES.get((kind, name), name))

    def role(self, name: str) -> str:
        return self.say(ROLES.get(name, name))


def points(number: str | Fraction) -> str:
    return scoring_words.rounded(Fraction(number))


@lru_cache
def language(name: str) -> Language:
    """Raises ``KeyError`` for a language that there is not."""
    NAMES[name]
    return Language(name, NullTranslations() if name == CHINESE else read_catalogue(catalogue_file(name)))


def catalogue_file(name: str) -> Path:
    return CATALOGUES / f"{name}.po"


def read_catalogue(file: Path) -> Translations:
    """A catalogue as people edit it, compiled in memory: nothing has to be built."""
    with file.open("rb") as source:
        catalogue = read_po(source, locale=file.stem)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled)


def language_of(request: Request) -> Language:
    """What somebody chose, else what the browser asks for; Chinese where it is content with it."""
    chosen = request.cookies.get(COOKIE, "")
    return language(chosen if chosen in NAMES else _preferred(request.headers.get("accept-language", "")))


def _preferred(header: str) -> str:
    """A browser that lists Chinese anywhere gets Chinese: office machines are set up in many ways."""
    listed = [part.partition(";")[0].strip().replace("-", "_") for part in header.split(",")]
    return negotiate_locale([CHINESE] * _lists_chinese(listed) + listed, list(NAMES)) or CHINESE


def _lists_chinese(listed: list[str]) -> bool:
    return any(one.lower().startswith(CHINESE) for one in listed)
