"""usage: pycrdt_websocket.py PORT [SQLITE-FILE]    (without a file nothing is stored; all else is the default)"""

import asyncio
import contextlib
import sys

import uvicorn
import uvloop
from pycrdt.store import SQLiteYStore, YDocNotFound
from pycrdt.websocket import ASGIServer, WebsocketServer
from pycrdt.websocket.yroom import YRoom


class StoringServer(WebsocketServer):
    """Each room has a store, is filled from it, and is ready then."""

    def __init__(self, file: str) -> None:
        super().__init__(rooms_ready=False)
        self._opening: dict[str, asyncio.Lock] = {}
        self._store = type("Store", (SQLiteYStore,), {"db_path": file})

    async def get_room(self, name: str) -> YRoom:
        async with self._opening.setdefault(name, asyncio.Lock()):
            if name not in self.rooms:
                self.rooms[name] = await self._filled(name)
        await self.start_room(self.rooms[name])
        return self.rooms[name]

    async def _filled(self, name: str) -> YRoom:
        store = self._store(path=name)
        room = YRoom(ready=False, ystore=store)
        self._task_group.start_soon(store.start)
        await store.started.wait()
        with contextlib.suppress(YDocNotFound):
            await store.apply_updates(room.ydoc)
        room.ready = True
        return room


async def main(port: int, file: str | None) -> None:
    rooms = StoringServer(file) if file else WebsocketServer()
    async with rooms:
        config = uvicorn.Config(ASGIServer(rooms), host="127.0.0.1", port=port, log_level="warning", access_log=False)
        await uvicorn.Server(config).serve()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None))
