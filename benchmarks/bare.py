"""The bare pipeline: uvloop + httptools + asyncpg micro-batch + `websockets` broadcast. No framework, no checks, one table.

What any server on this machine could do at best with this stack; ours is held against it.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from contextlib import suppress
from typing import Any
from uuid import UUID

import asyncpg
import httptools
import orjson
import uvloop
from uuid_utils import compat
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

CREATE = """
DROP TABLE IF EXISTS bare_alarm;
CREATE TABLE bare_alarm (id uuid PRIMARY KEY, device text NOT NULL, body jsonb NOT NULL);
CREATE INDEX ON bare_alarm (device)
"""
INSERT = "INSERT INTO bare_alarm SELECT * FROM unnest($1::uuid[], $2::text[], $3::jsonb[])"
PROFILE = {
    "name": "沈玉兰",
    "age": 83,
    "address": "榆荫里7号楼2单元501",
    "hazards": ["抗凝药", "青霉素过敏"],
    "contacts": [{"rank": n, "name": "沈岚", "phone": "+8613900000001"} for n in range(3)],
    "note": "邻居有钥匙，先敲门再打电话；" * 12,
}
"""Makes the pushed message about as long (some 900 bytes) as a real card."""

ANSWER = b"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


class Pipeline:
    """Greedy micro-batches on two connections that take turns, then one broadcast an alarm."""

    def __init__(self) -> None:
        self.consoles: set[ServerConnection] = set()
        self.waiting: list[tuple[UUID, str, bytes, Http]] = []
        self.wake = asyncio.Event()

    async def write(self, connection: asyncpg.Connection) -> None:
        while True:
            await self.wake.wait()
            batch, self.waiting = self.waiting, []
            self.wake.clear()
            if not batch:
                continue
            ids, devices, bodies, _ = zip(*batch, strict=True)
            await connection.execute(INSERT, ids, devices, [b.decode() for b in bodies])
            for id_, device, _, http in batch:
                http.answer()
                message = {"type": "alarm", "id": id_, "identifier": device, "profile": PROFILE}
                broadcast(self.consoles, orjson.dumps(message), text=True)

    async def console(self, connection: ServerConnection) -> None:
        self.consoles.add(connection)
        try:
            with suppress(ConnectionClosed):
                async for _ in connection:
                    pass
        finally:
            self.consoles.discard(connection)


class Http(asyncio.Protocol):
    """One device's keep-alive connection."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.parser = httptools.HttpRequestParser(self)
        self.body = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self.parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        alarm = orjson.loads(self.body)
        self.pipeline.waiting.append((compat.uuid7(), alarm["device"], self.body, self))
        self.body = b""
        self.pipeline.wake.set()

    def answer(self) -> None:
        self.transport.write(ANSWER)


async def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--dsn", required=True)
    arguments.add_argument("--http", type=int, required=True)
    arguments.add_argument("--ws", type=int, required=True)
    given = arguments.parse_args()
    pipeline = Pipeline()
    connections = [await asyncpg.connect(given.dsn) for _ in range(2)]
    await connections[0].execute(CREATE)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    async with asyncio.TaskGroup() as group:
        writers = [group.create_task(pipeline.write(c)) for c in connections]
        server = await loop.create_server(lambda: Http(pipeline), "127.0.0.1", given.http)
        async with serve(
            pipeline.console, "127.0.0.1", given.ws, compression=None, ping_interval=None
        ):
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await stop.wait()
        server.close()
        for writer in writers:
            writer.cancel()


if __name__ == "__main__":
    uvloop.run(main())
