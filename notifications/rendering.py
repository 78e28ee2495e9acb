"""From a template and its facts to the text that is sent, and the copy of it that is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined, UndefinedError

from config.places import ROOT
from notifications.catalog import MESSAGES, OPTIONAL, PRIVATE, facts_needed
from notifications.english import in_english
from notifications.message import Message
from notifications.wording import when_late

FOLDER = ROOT / "notifications" / "templates"
ENGLISH = FOLDER / "en"
LANGUAGES = ("zh", "en")
"""Languages of mails; each template has a text in both, with the same facts."""
SUBJECT_MARKS = {"zh": "主题：", "en": "Subject: "}
MASK = "******"
EMPTY_LINES = re.compile(r"\n{3,}")


class UnknownTemplate(LookupError):
    """The catalog lists no message of that name."""


class MissingFact(LookupError):
    """A template needs a fact that was not given."""

    def __init__(self, template: str, fact: str) -> None:
        super().__init__(f"{template} needs the fact {fact}")
        self.template = template
        self.fact = fact


class UnknownFact(LookupError):
    """A fact was given that the template never uses."""

    def __init__(self, template: str, fact: str) -> None:
        super().__init__(f"{template} does not use the fact {fact}")
        self.template = template
        self.fact = fact


def render(template: str, facts: Mapping[str, object], *, language: str = "zh") -> Message:
    """Raises UnknownTemplate, MissingFact or UnknownFact, each of which is a programmer's mistake."""
    _refuse_wrong_facts(template, facts)
    try:
        text = _fill(template, facts, language)
    except UndefinedError as error:
        raise MissingFact(template, _name_in(error)) from error
    subject, _, body = text.partition("\n\n")
    body = EMPTY_LINES.sub("\n\n", body.strip()) + "\n"
    return Message(
        subject.removeprefix(SUBJECT_MARKS[language]),
        body,
        private=bool(facts.get("code")) or template in PRIVATE,
    )


def headed(message: Message, note: str, *, language: str = "zh") -> Message:
    """The message with a sentence before it, for one that comes late."""
    said = in_english(note) if language == "en" else note
    return replace(message, body=f"({said})\n\n{message.body}") if said else message


def mask_secrets(text: str, secrets: Iterable[str]) -> str:
    """The text with every secret blotted out, to a length that tells nothing."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


def _refuse_wrong_facts(template: str, facts: Mapping[str, object]) -> None:
    if template not in MESSAGES:
        raise UnknownTemplate(template)
    needed = facts_needed(template)
    for fact in sorted(needed - facts.keys()):
        raise MissingFact(template, fact)
    for fact in sorted(facts.keys() - needed - set(OPTIONAL)):
        raise UnknownFact(template, fact)


def _fill(template: str, facts: Mapping[str, object], language: str) -> str:
    page = environment_of(language).get_template(f"{template}.txt.j2")
    return page.render({**dict.fromkeys(OPTIONAL, ""), **facts})


@cache
def environment_of(language: str) -> Environment:
    root = ENGLISH if language == "en" else FOLDER
    environment = Environment(
        loader=FileSystemLoader(
            [root, *sorted(path for path in root.iterdir() if path.is_dir() and path != ENGLISH)]
        ),
        undefined=StrictUndefined,
        finalize=_in_english if language == "en" else _on_one_line,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["when_late"] = when_late
    return environment


def _on_one_line(value: object) -> str:
    """A fact cannot add lines of its own, neither headers nor a false signature."""
    return " ".join(str(value).split())


def _in_english(value: object) -> str:
    return in_english(_on_one_line(value))


def _name_in(error: UndefinedError) -> str:
    named = re.findall(r"'([^']+)'", error.message or "")
    return named[-1] if named else str(error)
