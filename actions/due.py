"""What a step of a run has come to, or that it is due: looked at first, and again under the lock of the step."""

from __future__ import annotations

from enum import Enum
from typing import Final


class Due(Enum):
    """Something is to be done now."""

    DUE = "due"


DUE: Final = Due.DUE
