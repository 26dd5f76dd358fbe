"""The control of the answer 304: a bare application whose one `def` route makes two indexed reads and says no more.

`/engine` reads through SQLAlchemy, as the product does; `/driver` through the driver alone, one connection a thread.
"""

from __future__ import annotations

import sqlite3
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from anyio import to_thread
from fastapi import FastAPI, Response
from sqlalchemy import text

from afterword.api.backend import THREADS
from afterword.storage.database import create_engine_for

KEY = "SELECT id, account_id, secret_hash, last_used_at FROM api_keys WHERE prefix = :prefix"
VERSION = "SELECT version FROM accounts WHERE id = :id"


def create_app(path: str, prefix: str, account_id: str) -> FastAPI:
    engine, connections = create_engine_for(f"sqlite:///{path}"), threading.local()
    key, version = text(KEY), text(VERSION)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        to_thread.current_default_thread_limiter().total_tokens = THREADS
        yield

    app = FastAPI(lifespan=lifespan)

    @app.get("/engine")
    def read_by_engine() -> Response:
        with engine.begin() as connection:
            connection.execute(key, {"prefix": prefix}).one()
            connection.execute(version, {"id": account_id}).one()
        return Response(status_code=304)

    @app.get("/driver")
    def read_by_driver() -> Response:
        if not hasattr(connections, "mine"):
            connections.mine = sqlite3.connect(path)
        connections.mine.execute(KEY, {"prefix": prefix}).fetchone()
        connections.mine.execute(VERSION, {"id": account_id}).fetchone()
        return Response(status_code=304)

    return app


if __name__ == "__main__":
    port, *given = sys.argv[1:]
    uvicorn.run(create_app(*given), host="127.0.0.1", port=int(port), access_log=False, log_level="warning")
