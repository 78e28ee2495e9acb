"""Runs a module whose host's clock goes wrong: ``python -m rehearsal.stress.other_clock FILE MODULE ...``.

The file holds the seconds by which the clock is ahead, 0 or nothing for a right one. Only ``records.clock`` is
touched, which is where this program asks; Prefect and the system have the right time.
"""

from __future__ import annotations

import runpy
import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from records import clock


class WrongTime(datetime):
    """``datetime`` with another ``now``."""

    ahead: Path

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        told = cls.ahead.read_text(encoding="ascii").strip() if cls.ahead.exists() else ""
        return datetime.now(tz) + timedelta(seconds=float(told or 0))


def main() -> None:
    """Put the other clock in, then become the module."""
    _, file, module, *_ = sys.argv
    WrongTime.ahead = Path(file)
    setattr(clock, "datetime", WrongTime)  # noqa: B010 - the type checker knows no other way
    sys.argv = [module, *sys.argv[3:]]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
