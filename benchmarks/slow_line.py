"""A line with a longer way: hands everything on, in order, at full width, but later.

A process of its own, so that it takes no time from what is measured:

    python -m benchmarks.slow_line <port to hand on to> <seconds each way>

prints the port that it listens on.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

CHUNK = 65536


@contextmanager
def slow_line(to: int, *, seconds: float) -> Iterator[int]:
    """A port that is that far away from the other, each way, until the block ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.slow_line", str(to), str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate()


async def _serve(to: int, seconds: float) -> None:
    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", to)
        await asyncio.gather(
            _hand_on(reader, far_writer, seconds), _hand_on(far_reader, writer, seconds)
        )

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def _hand_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float
) -> None:
    """Each piece leaves that long after it came, however many are on their way."""
    on_the_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
    leaving = asyncio.create_task(_leave(on_the_way, writer))
    piece = b"?"
    while piece:
        piece = await reader.read(CHUNK)
        await on_the_way.put((asyncio.get_running_loop().time() + seconds, piece))
    await leaving


async def _leave(
    on_the_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter
) -> None:
    """An empty piece is the end."""
    while True:
        due, piece = await on_the_way.get()
        await asyncio.sleep(due - asyncio.get_running_loop().time())
        if not piece:
            writer.close()
            return
        writer.write(piece)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2])))
