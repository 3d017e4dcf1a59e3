"""Fifty readers at once: plain HTTP over kept connections, each asking for the page again as soon as it has it."""

import asyncio
import time
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Reading:
    """What a run of readers saw: pages per second, and how long a page took, in milliseconds."""

    pages_per_second: float
    p50: float
    p95: float


def read(address: str, readers: int, seconds: float) -> Reading:
    """Let `readers` read a page for some seconds. Raises RuntimeError when an answer is not 200."""
    times = asyncio.run(_read(address, readers, seconds))
    times.sort()
    return Reading(len(times) / seconds, 1000 * times[len(times) // 2], 1000 * times[int(len(times) * 0.95)])


async def _read(address: str, readers: int, seconds: float) -> list[float]:
    end = time.perf_counter() + seconds
    rows = await asyncio.gather(*(_one_reader(address, end) for _ in range(readers)))
    return [taken for row in rows for taken in row]


async def _one_reader(address: str, end: float) -> list[float]:
    parts = urlsplit(address)
    request = (
        f"GET {parts.path or '/'} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Language: fr\r\n\r\n".encode()
    )
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    times = []
    while (begun := time.perf_counter()) < end:
        writer.write(request)
        await _answer(reader)
        times.append(time.perf_counter() - begun)
    writer.close()
    return times


async def _answer(reader: asyncio.StreamReader) -> None:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.split(b"\r\n", 1)[0].decode("latin-1"))
    length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    await reader.readexactly(int(length.split(b":")[1]))
