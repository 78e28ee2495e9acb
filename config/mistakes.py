"""What is wrong with a campaign folder or a setting, said so that the reader can mend it."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong value: the file, the key path inside it, the value found and what is allowed.

    ``line`` counts from 1 (0: there is none); ``write`` holds the lines that would be right, when that is known.
    """

    file: str
    key: str
    value: str
    allowed: str
    line: int = 0
    write: tuple[str, ...] = ()

    def at(self, line: int) -> Mistake:
        return replace(self, line=line)

    def __str__(self) -> str:
        return self._said(f"第{self.line}行" if self.line and not self.key else "")

    @property
    def told(self) -> str:
        """The sentence with its line, and below it what to write instead."""
        numbered = self.line and not self.key.startswith("第")
        told = self._said(f"第{self.line}行" if numbered else "")
        return "\n".join((told, *(f"    写为 {line}" for line in self.write)))

    def _said(self, at: str) -> str:
        where = " ".join(part for part in (self.file, at, self.key) if part)
        return f"{where}:现为“{self.value}”;{self.allowed}"


class CampaignMistakes(ValueError):
    """A campaign folder that cannot be used, with all its mistakes at once."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(mistake.told for mistake in mistakes))


class SettingsMistake(ValueError):
    """A setting with a value that cannot be used; ``where`` says who set it."""

    def __init__(self, variable: str, allowed: str, *, where: str = "环境变量") -> None:
        self.variable = variable
        self.allowed = allowed
        super().__init__(f"{where} {variable} 的值不可用;{allowed}")
