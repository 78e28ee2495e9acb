"""The portal as a process: ``python -m portal.serve``."""

from __future__ import annotations

import os
from functools import partial

import uvicorn

from config.log import set_up_log
from config.places import keep_private, prefect_access
from config.settings import read_settings
from portal.app import make_app
from portal.heartbeat import Heart
from records.sealing.vault import open_vault
from records.store import Store

STOP_WITHIN = 10


def main() -> None:
    """Serve until told to stop; what was being answered is answered first."""
    keep_private()
    settings = read_settings(os.environ)
    set_up_log(settings.log_format)
    store = Store(settings.database_url, vault=open_vault(settings.key_file), home=settings.home)
    heart = Heart(store)
    heart.start()
    try:
        uvicorn.run(
            make_app(
                store, settings, partial(prefect_access, settings.home, settings.prefect_port, os.environ)
            ),
            host=settings.portal_host,
            port=settings.portal_port,
            # Addresses hold the tokens of invitations, so they stand in no log.
            access_log=False,
            log_config=None,
            log_level="warning",
            server_header=False,
            # Only the proxy may say that a request came over TLS, and from where.
            forwarded_allow_ips=",".join(settings.proxies),
            timeout_graceful_shutdown=STOP_WITHIN,
        )
    finally:
        heart.stop()


if __name__ == "__main__":
    main()
