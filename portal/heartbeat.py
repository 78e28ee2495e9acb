"""The portal notes each minute that it is at work, so that an outage is known by what is missing."""

from __future__ import annotations

import logging
import threading
import time
from datetime import timedelta

from actions.upkeep.heartbeat import beat
from records import clock
from records.store import Store

EVERY_S, STOP_WITHIN_S = 60.0, 2.0
log = logging.getLogger(__name__)


class Heart(threading.Thread):
    """Beats until told to stop; a beat that fails is only missing."""

    def __init__(self, store: Store, *, every_s: float = EVERY_S) -> None:
        super().__init__(name="heart", daemon=True)
        self.store, self.every_s = store, every_s
        self.stopping = threading.Event()
        self.last: float | None = None

    def run(self) -> None:
        self.beat_once()
        while not self.stopping.wait(self.every_s):
            self.beat_once()

    def stop(self) -> None:
        self.stopping.set()
        self.join(STOP_WITHIN_S)

    def beat_once(self) -> None:
        at = machine_seconds()
        ran = None if self.last is None else timedelta(seconds=at - self.last)
        try:
            beat(self.store, now=clock.host_now(), ran=ran)
            self.last = at
        except Exception as error:
            log.warning("the heartbeat could not be noted: %s", error)


def machine_seconds() -> float:
    """What the machine itself has counted, asleep too where it can tell, whatever its clock was set to."""
    counted = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if counted is None else time.clock_gettime(counted)
