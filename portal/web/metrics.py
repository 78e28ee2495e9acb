"""What Prometheus reads: requests by route, and how much of everything waits; no name, no place, no address."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from http import HTTPMethod

from fastapi import FastAPI
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from config.settings import Settings
from portal.web.request import LOOPBACK
from records import clock
from records.store import Store
from records.upkeep.gauges import Counted, Gauges, read_gauges

BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
METHODS = frozenset(HTTPMethod)
FORWARDED = (
    "forwarded", "via", "x-forwarded", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip",
    "x-original-forwarded-for", "x-envoy-external-address",
)  # fmt: skip
"""How the names of headers begin by which proxies of all kinds say for whom they ask."""


class Metrics:
    """The counters of one process, and the rows as they are when somebody asks."""

    def __init__(self, store: Store) -> None:
        self.registry = CollectorRegistry()
        labels = ("method", "route", "status")
        self._requests = Counter("hqe_requests", "Requests answered.", labels, registry=self.registry)
        self._seconds = Histogram(
            "hqe_request_seconds", "Time to the end of an answer.", ("route",), buckets=BUCKETS,
            registry=self.registry,
        )  # fmt: skip
        self.registry.register(Rows(store))

    def heard(self, method: str, route: str, status: int, seconds: float) -> None:
        known = method if method in METHODS else "OTHER"
        self._requests.labels(known, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class Rows(Collector):
    """Gauges from the database; without it they are missing and ``hqe_database_up`` is 0."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def describe(self) -> list[Metric]:
        """Nothing is read while it is registered."""
        return []

    def collect(self) -> Iterator[Metric]:
        try:
            with self._store.reading() as session:
                found = read_gauges(session, host_now=clock.host_now())
        except Exception:  # whatever the driver raises: the watcher sees a 0
            yield GaugeMetricFamily("hqe_database_up", "Whether the database answers.", value=0)
            return
        yield GaugeMetricFamily("hqe_database_up", "Whether the database answers.", value=1)
        yield from _families(found)


def _families(found: Gauges) -> Iterator[Metric]:
    yield _by("hqe_uploads", "Dossiers received, all versions.", "state", found.uploads)
    yield _by("hqe_open_gates", "Gates that wait for an answer.", "gate", found.open_gates)
    yield _by("hqe_open_duties", "Duties that are open.", "kind", found.open_duties)
    yield _by("hqe_outbox", "Messages.", "state", found.outbox)
    yield GaugeMetricFamily("hqe_waiting_bells", "Bells that no run has answered.", value=found.waiting_bells)
    ages = {
        "hqe_oldest_unsent_seconds": (
            "How long the oldest message that should be out waits.",
            found.oldest_unsent,
        ),
        "hqe_last_tick_age_seconds": ("How long ago the tick was last through.", found.last_tick),
    }
    for name, (about, age) in ages.items():
        if age is not None:
            yield GaugeMetricFamily(name, about, value=age)


def _by(name: str, about: str, label: str, counted: Counted) -> Metric:
    family = GaugeMetricFamily(name, about, labels=[label])
    for kind, number in counted.items():
        family.add_metric([kind], number)
    return family


def add_route(app: FastAPI, metrics: Metrics, settings: Settings) -> None:
    async def answer(request: Request) -> Response:
        if not _may_read(request, settings):
            raise HTTPException(404)
        text = await run_in_threadpool(generate_latest, metrics.registry)
        return Response(text, media_type=CONTENT_TYPE_LATEST)

    app.add_route("/metrics", answer, methods=["GET"], include_in_schema=False)


def _may_read(request: Request, settings: Settings) -> bool:
    """This machine itself, or whoever knows the operator's token; never somebody whom a proxy brings."""
    scheme, _, brought = request.headers.get("authorization", "").partition(" ")
    if settings.metrics_token and scheme.lower() == "bearer":
        return hmac.compare_digest(brought.strip().encode(), settings.metrics_token.encode())
    brought_by_proxy = any(name.startswith(FORWARDED) for name in request.headers)
    return not brought_by_proxy and request.client is not None and request.client.host in LOOPBACK
