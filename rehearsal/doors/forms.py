"""The forms of a page, and what a browser sends when somebody fills one in: nothing that the page does not offer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser

Typed = Mapping[str, str | Sequence[str]]
"""Field -> what is typed or chosen; several for tick boxes."""

Attributes = list[tuple[str, str | None]]


class NotOffered(LookupError):
    """Somebody wants to do what the page does not let them do."""


@dataclass
class Form:
    """One form: where it goes, what it holds already, and what may be put into it."""

    action: str
    held: dict[str, list[str]] = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    """Fields in which one of these values is chosen; the others take any text."""

    def fill(self, typed: Typed) -> dict[str, list[str]]:
        """What is sent: the values held, with the typed ones in their place."""
        return {**self.held, **{name: self._allowed(name, value) for name, value in typed.items()}}

    def _allowed(self, name: str, value: str | Sequence[str]) -> list[str]:
        wanted = [value] if isinstance(value, str) else list(value)
        if name not in self.held:
            raise NotOffered(f"{self.action} has no field {name}")
        offered = self.choices.get(name)
        if offered is not None and not set(wanted) <= set(offered):
            raise NotOffered(f"{self.action} does not offer {wanted} for {name}")
        return wanted


def forms_of(page: str) -> list[Form]:
    """Every form of a page in order; one without an address of its own has an empty ``action``."""
    reader = _Reader()
    reader.feed(page)
    return reader.forms


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._field = ""
        self._in_text = False

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        got = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._form = Form(got.get("action", ""))
            self.forms.append(self._form)
        elif self._form is not None:
            self._control(self._form, tag, got)

    def _control(self, form: Form, tag: str, got: dict[str, str]) -> None:
        name = got.get("name", "")
        if tag == "option":
            self._option(form, got)
        elif tag in ("select", "textarea") and name:
            form.held.setdefault(name, [])
            self._field, self._in_text = name, tag == "textarea"
        elif tag == "input" and name:
            self._input(form, name, got)

    def _input(self, form: Form, name: str, got: dict[str, str]) -> None:
        held = form.held.setdefault(name, [])
        if got.get("type") in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(got.get("value", "on"))
            held += [got.get("value", "on")] if "checked" in got else []
        elif got.get("type") != "file":
            held.append(got.get("value", ""))

    def _option(self, form: Form, got: dict[str, str]) -> None:
        offered = form.choices.setdefault(self._field, [])
        if "selected" in got or not offered:
            # A list shows its first line until another one is chosen.
            form.held[self._field] = [got.get("value", "")]
        offered.append(got.get("value", ""))

    def handle_data(self, data: str) -> None:
        if self._in_text and self._form is not None:
            self._form.held[self._field].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._form is not None:
            self._form.held[self._field] = ["".join(self._form.held[self._field]).removeprefix("\n")]
            self._in_text = False
        elif tag == "form":
            self._form = None
