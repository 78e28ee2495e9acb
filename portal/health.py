"""What a watcher asks: is the process alive, and can it work."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.responses import JSONResponse

from records.migrating import is_current
from records.store import Store


def add_routes(app: FastAPI, store: Store) -> None:
    @app.get("/healthz", include_in_schema=False)
    def healthz() -> JSONResponse:
        """Alive; says nothing of the database, so that a watcher does not kill what only waits for it."""
        return JSONResponse({"status": "ok"})

    @app.get("/readyz", include_in_schema=False)
    def readyz() -> JSONResponse:
        """Able to work: the database answers and has seen every migration of this code."""
        try:
            ready = is_current(store.engine)
        except Exception:  # whatever the driver raises: the answer is the same
            ready = False
        return JSONResponse({"status": "ok" if ready else "unavailable"}, 200 if ready else 503)
