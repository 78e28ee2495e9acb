"""The workbooks of all simulated clerks, filled ahead of time by a process of their own.

Filling costs as much as everything else in a rehearsal; done beside it, it costs no time.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from concurrent.futures import Future, ProcessPoolExecutor

from rehearsal.people.workbooks import fill_dossier
from rules.campaign.campaign import Campaign

TWICE = ("mistakes", "returned", "returned_twice")
"""Plots that hand in a second version."""
DIE_WITH_PARENT = 1


class Desk:
    """Gives the bytes of any version of any dossier; ``close`` it at the end."""

    def __init__(self, campaign: Campaign, plots: Mapping[str, str], *, seed: int) -> None:
        self._campaign = campaign
        self._plots = plots
        self._seed = seed
        self._pool = ProcessPoolExecutor(
            1, mp_context=multiprocessing.get_context("spawn"), initializer=_step_back
        )
        self._filled: dict[tuple[str, int], Future[bytes]] = {}

    def fill_ahead(self, *, without: frozenset[str] = frozenset()) -> None:
        """Begin with everything that will be handed in, except for villages that have done so."""
        for version in (1, 2):
            for code, plot in self._plots.items():
                if code not in without and (version == 1 or plot in TWICE):
                    self._begin(code, version)

    def dossier(self, village_code: str, *, version: int) -> bytes:
        """The same arguments give the same bytes, also in another process."""
        return self._begin(village_code, version).result()

    def _begin(self, code: str, version: int) -> Future[bytes]:
        if (code, version) not in self._filled:
            self._filled[code, version] = self._pool.submit(
                fill_dossier,
                self._campaign,
                code,
                plot=self._plots[code],
                version=version,
                seed=self._seed,
            )
        return self._filled[code, version]

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


def _step_back() -> None:
    """In the filling process: let the others go first, leave Ctrl-C to them, and die with the rehearsal."""
    os.nice(10)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
