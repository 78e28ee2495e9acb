"""The worker process: polls for runs, answers bells, sends the outbox, keeps the deployments, ends on TERM.

Apart from `worker_type.py`: started with `-m` a file is `__main__`, and Prefect would know our worker type twice.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
from functools import partial
from pathlib import Path

from config.log import LOG_FORMATS, set_up_log
from config.places import keep_private
from deployments.prefect_server import server
from deployments.worker import stored_calls
from deployments.worker.artifacts import Publisher
from deployments.worker.carrier_runs import Orders
from deployments.worker.execution import allow, one_client, quiet_engine
from deployments.worker.keeper import Keeper
from deployments.worker.leases import owner_name
from deployments.worker.outbox_sender import OutboxSender
from deployments.worker.register import register
from deployments.worker.registry import ENTRYPOINTS, POOL
from deployments.worker.ringer import Ringer
from deployments.worker.stored_calls import Calls

log = logging.getLogger("hqe.worker")

SERVER_WITHIN = 600.0


async def poll_until(stopping: asyncio.Event, *, calls: Calls, orders: Orders) -> None:
    """Poll the work pool until told to stop, and let a run that is under way finish."""
    from deployments.worker.worker_type import HqeWorker

    while not stopping.is_set():
        worker = HqeWorker(calls=calls, load=orders.load, owner=orders.polls_as)
        polling = asyncio.ensure_future(worker.start(printer=log.info))
        stopped = asyncio.ensure_future(stopping.wait())
        await asyncio.wait({polling, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        polling.cancel()
        [ended] = await asyncio.gather(polling, return_exceptions=True)
        if not stopping.is_set():
            log.error("polling ended and begins again: %r", ended)
            await asyncio.sleep(1)


async def _serve(orders: Orders, *, polling: bool) -> None:
    stopping = asyncio.Event()
    # INT as well: a process started with `&` may have inherited it as ignored.
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    calls, mail_next, relay_next = stored_calls.build()
    beside = (
        Ringer(calls, orders),
        OutboxSender(mail_next),
        OutboxSender(relay_next, name="relays"),
        Keeper(orders.register),
        Publisher(calls.pages, is_busy=lambda: bool(calls.waiting(limit=1))),
    )
    for one in beside:
        one.start()
    log.info("at work")
    try:
        await (poll_until(stopping, calls=calls, orders=orders) if polling else stopping.wait())
    finally:
        await asyncio.gather(*(asyncio.to_thread(one.stop) for one in beside))
        log.info("stopped")


def run_worker(
    home: Path, *, threads: int = 2, pool: str = POOL, polling: bool = True, scheduled: bool = True
) -> None:
    """Work until TERM or INT, then take no more bells, finish what runs and return.

    Prefect's settings and this house's come from the environment (`server.client_environment`, HQE_*). Waits
    for the server and registers the deployments first; `scheduled=False` leaves the tick to somebody else.
    On a pool other than ours it only rings: that pool's own workers run the flows.
    """
    set_up_log(os.environ.get("HQE_LOG_FORMAT") or LOG_FORMATS[0])
    orders = Orders(
        owner=owner_name("ringer"),
        polls_as=owner_name("poll"),
        home=home,
        load=allow(ENTRYPOINTS),
        register=partial(register, scheduled=scheduled, pool=pool),
        threads=threads,
        pool=pool,
    )
    with quiet_engine():
        server.wait_until_healthy(os.environ["PREFECT_API_URL"], timeout=SERVER_WITHIN)
        with one_client() as client:
            orders.register(client)
        asyncio.run(_serve(orders, polling=polling and not orders.only_ring))


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m deployments.worker.process", description=__doc__)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--pool", default=POOL, help="any pool but ours: only ring, its workers run the flows"
    )
    parser.add_argument(
        "--api", help="URL of a Prefect server that shares this home (default: PREFECT_API_URL)"
    )
    parser.add_argument("--no-polling", action="store_true", help="run only what bells wake")
    parser.add_argument("--no-schedule", action="store_true", help="register the tick without its schedule")
    options = parser.parse_args(arguments)
    keep_private()
    if options.api:
        os.environ.update(server.joining_environment(options.home.resolve(), api=options.api))
    run_worker(
        options.home,
        threads=options.threads,
        pool=options.pool,
        polling=not options.no_polling,
        scheduled=not options.no_schedule,
    )


if __name__ == "__main__":
    main()
