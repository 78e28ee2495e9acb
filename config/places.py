"""Where this program's own files lie: the folder that holds the rooms."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
