"""What is wrong with a campaign folder or a setting, said so that the reader can mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong value: the file, the key path inside it, the value found and what is allowed."""

    file: str
    key: str
    value: str
    allowed: str

    def __str__(self) -> str:
        where = f"{self.file} {self.key}".strip()
        return f"{where}:现为“{self.value}”;{self.allowed}"


class CampaignMistakes(ValueError):
    """A campaign folder that cannot be used, with all its mistakes at once."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        self.mistakes = mistakes
        super().__init__("\n".join(str(mistake) for mistake in mistakes))


class SettingsMistake(ValueError):
    """An environment variable with a value that cannot be used."""

    def __init__(self, variable: str, allowed: str) -> None:
        self.variable = variable
        self.allowed = allowed
        super().__init__(f"环境变量 {variable} 的值不可用;{allowed}")
