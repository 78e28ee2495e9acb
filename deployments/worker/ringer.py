"""The loop that answers bells: looks for them, hands them to a few threads, keeps the leases alive."""

from __future__ import annotations

import logging
import os
import queue
import threading
import time

from deployments.prefect_server.server import is_healthy
from deployments.worker.backoff import LONGEST_PAUSE, Book, Restful
from deployments.worker.carrier_runs import WELL, Answer, Bellhop, Orders
from deployments.worker.execution import one_client, quiet_engine
from deployments.worker.leases import evict_dead
from deployments.worker.stored_calls import Calls
from records.runs.bells import Call

log = logging.getLogger("hqe.ringer")

POLL = 0.1
SURE_FOR = 1.0
"""A server that answered within this time is not asked whether it is there."""
RENEW_EVERY = 10.0


class Ringer:
    """The loop: looks for bells, hands them to a few threads, keeps the leases alive."""

    def __init__(self, calls: Calls, orders: Orders) -> None:
        self._calls = calls
        self._orders = orders
        self._stopping = threading.Event()
        self._finished = threading.Event()
        self._book = Book()
        self._restful = Restful()
        self._queue: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self._free = threading.Semaphore(orders.threads)
        self._threads = [
            threading.Thread(target=self._attend_all, name=f"bellhop-{number}")
            for number in range(orders.threads)
        ]
        self._keeper = threading.Thread(target=self._keep_leases, name="leases")
        self._watcher = threading.Thread(target=self._watch, name="ringer")

    def start(self) -> None:
        evict_dead(self._calls)
        for thread in (*self._threads, self._keeper, self._watcher):
            thread.start()

    def stop(self) -> None:
        """Take no more bells, finish what runs, then return."""
        self._stopping.set()
        self._watcher.join()
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads:
            thread.join()
        self._finished.set()
        self._keeper.join()

    def _watch(self) -> None:
        while not self._stopping.is_set():
            try:
                self._restful = Restful() if self._hand_out() else self._restful
            except Exception:
                log.exception("the bells cannot be read")
                self._stopping.wait(LONGEST_PAUSE)
            self._stopping.wait(self._restful.pause())

    def _hand_out(self) -> bool:
        """Hand waiting calls to free threads; whether there was anything to do."""
        busy = False
        if not self._book.prefect.is_over():
            return busy
        waiting = self._calls.waiting(limit=100)
        if waiting and not self._prefect_is_there():
            return busy
        for call in waiting:
            if self._stopping.is_set():
                return busy
            # Busy threads need no queue: a bell that stays in the database can be answered by anybody.
            if not self._free.acquire(timeout=POLL):
                return True
            if self._book.take(call):
                self._queue.put(call)
                busy = True
            else:
                self._free.release()
        return busy

    def _prefect_is_there(self) -> bool:
        """Asked before a bell is handed out: a client that finds nobody sleeps between its tries, up to eight
        seconds, and sleeps on when the server is back.
        """
        if time.monotonic() - self._book.heard_at < SURE_FOR:
            return True
        if is_healthy(os.environ["PREFECT_API_URL"]):
            self._book.hear()
            return True
        if self._book.prefect.tries == 0:
            log.warning("the Prefect server is away: bells wait")
        self._book.prefect.fail()
        return False

    def _attend_all(self) -> None:
        with quiet_engine(), one_client() as client:
            bellhop = Bellhop(self._calls, client, self._orders)
            while (call := self._queue.get()) is not None:
                try:
                    self._attend(bellhop, call)
                finally:
                    self._free.release()

    def _attend(self, bellhop: Bellhop, call: Call) -> None:
        answer: Answer = "failed"
        try:
            answer = bellhop.attend(call, again=self._book.has_failed(call))
            self._book.hear()
        except Exception as error:
            if is_away(error):
                # Bells wait while Prefect is away; what one thread meets holds all of them.
                log.warning("the Prefect server is away: %s", error)
                self._book.prefect.fail()
            else:
                log.exception("the bell of %s %s could not be answered", call.kind, call.subject)
        finally:
            self._book.put_back(call, again_later=answer not in WELL)

    def _keep_leases(self) -> None:
        while not self._finished.wait(RENEW_EVERY):
            try:
                for owner in filter(None, (self._orders.owner, self._orders.polls_as)):
                    self._calls.renew(owner=owner)
                evict_dead(self._calls)
            except Exception:
                log.exception("the leases cannot be renewed")


def is_away(error: Exception) -> bool:
    """Whether the Prefect server cannot be reached or cannot work, rather than refusing this one request."""
    import httpx

    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code in (502, 503, 504)
    return isinstance(error, httpx.TransportError)
