"""How a process writes its log: a line of text or of JSON, without what an exception or a person said."""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType

LOG_FORMATS = ("text", "json")
TEXT = "%(asctime)s %(name)s %(levelname)s %(message)s"
FRAMES = 6
HTTP_CLIENTS = ("httpx", "httpcore")
"""They tell every address they ask, query and all."""


class JsonLine(logging.Formatter):
    """One JSON object a line. The text of an exception stays out: it may quote a row or a cell."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if isinstance(record.args, Mapping):
            line |= record.args
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["where"] = places(record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


def places(trace: TracebackType | None) -> str:
    """Where in the code it happened, the innermost first."""
    frames = traceback.extract_tb(trace)[-FRAMES:]
    return " < ".join(f"{frame.filename}:{frame.lineno}" for frame in reversed(frames))


def set_up_log(log_format: str, *, level: int = logging.INFO) -> None:
    """Let everything this process logs go to stderr in one format."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLine() if log_format == "json" else logging.Formatter(TEXT))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in HTTP_CLIENTS:
        logging.getLogger(name).setLevel(logging.WARNING)
