"""What a watcher asks: is the process alive, can it work, and is it this one."""

from __future__ import annotations

import secrets

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from actions.dossiers.uploads import key_fits
from records.schema.migrate import is_current
from records.store import Store
from rules.refusals import Refused

AWAY = Refused("database_away", "数据库连接不上，请检查数据库服务和HQE_DATABASE_URL。")
BEHIND = Refused("schema", "数据库结构与程序版本不符，请运行 ./hqe doctor 查看处理办法。")
MISFIT = Refused("key_wrong", "密钥打不开库中的申报材料，请放回原来的密钥文件。")


def add_routes(app: FastAPI, store: Store) -> None:
    instance = secrets.token_hex(8)

    @app.get("/healthz", include_in_schema=False)
    def healthz() -> JSONResponse:
        """Alive; says nothing of the database, so that a watcher does not kill what only waits for it.

        ``instance`` is another at each start: whoever asks the public address sees whether it leads here.
        """
        return JSONResponse({"status": "ok", "instance": instance})

    @app.get("/readyz", include_in_schema=False)
    def readyz() -> JSONResponse:
        """Able to work: the database answers, has seen every migration of this code, and the key fits."""
        reason = why_unready(store)
        if reason is None:
            return JSONResponse({"status": "ok"})
        told = {"code": reason.code, "reason": reason.reason}
        return JSONResponse({"status": "unavailable", "reasons": [told]}, 503)


def why_unready(store: Store) -> Refused | None:
    """The first thing that is in the way; what lies behind it cannot be known yet."""
    try:
        if not is_current(store.engine):
            return BEHIND
        return None if key_fits(store) else MISFIT
    except Exception:  # whatever the driver raises: the answer is the same
        return AWAY
