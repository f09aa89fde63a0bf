"""Open-loop load: signals leave when they are due, whether or not the answers have come."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

from callcenter.core.clock import Clock
from callcenter.core.ids import new_id
from callcenter.core.supervisor import Supervisor
from callcenter.demo.devices.http_client import PATH, Credentials, signal_body, signed_headers
from callcenter.demo.devices.lean_http import LeanClient
from callcenter.devices.signals import Kind

CONNECTIONS = 64
DRAIN_S = 10.0


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent: `rate` signals a second for `seconds`, from these devices in turn."""

    rate: float
    seconds: float
    devices: Sequence[str]
    kind: Kind = Kind.SOS


@dataclass(slots=True)
class Figures:
    """What came of it. `latencies` are seconds from the due time to the acknowledgement (no coordinated omission)."""

    sent: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    took_s: float = 0.0

    @property
    def acknowledged(self) -> int:
        """Signals the server said it has on disk."""
        return len(self.latencies)

    def percentile_ms(self, share: float) -> float:
        """Milliseconds within which this share of the acknowledged signals was acknowledged."""
        if not self.latencies:
            return float("nan")
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000

    def lines(self) -> list[str]:
        """For the terminal."""
        rate = self.acknowledged / self.took_s if self.took_s else 0.0
        answers = ", ".join(f"{name}: {n}" for name, n in sorted(self.statuses.items()))
        p50, p95, p99 = (self.percentile_ms(share) for share in (0.50, 0.95, 0.99))
        return [
            f"sent          {self.sent}",
            f"acknowledged  {self.acknowledged}  ({rate:.1f}/s)",
            f"answers       {answers}",
            f"due to ack    p50 {p50:.1f} ms   p95 {p95:.1f} ms   p99 {p99:.1f} ms",
        ]


def read_source(content: Mapping[str, Any]) -> tuple[Credentials, list[str]]:
    """Who signs and which devices there are, from demo-devices.json. Raises KeyError."""
    devices = [row["identifier"] for row in content["devices"] if row["source"] == "http"]
    return Credentials.read(content["http"]), devices


async def run_load(
    server: str,
    credentials: Credentials,
    load: Load,
    clock: Clock,
    on_sent: Callable[[int], None] = lambda _: None,
) -> Figures:
    """Send the load and wait up to DRAIN_S for the last answers. `on_sent` is told how many have left."""
    figures = Figures()
    client = LeanClient(server, CONNECTIONS)
    started = clock.monotonic()
    async with Supervisor() as supervisor:
        tasks = []
        for number, device in zip(range(round(load.rate * load.seconds)), cycle(load.devices)):
            due = started + number / load.rate
            if (early_s := due - clock.monotonic()) > 0:
                await asyncio.sleep(early_s)
            one = _one(client, credentials, device, load.kind, clock, due, figures)
            tasks.append(supervisor.start_short(one, name="signal"))
            figures.sent += 1
            on_sent(figures.sent)
        if tasks:
            await asyncio.wait(tasks, timeout=DRAIN_S)
        figures.took_s = clock.monotonic() - started
    client.close()
    return figures


async def _one(
    client: LeanClient,
    credentials: Credentials,
    device: str,
    kind: Kind,
    clock: Clock,
    due: float,
    figures: Figures,
) -> None:
    now = clock.now()
    body = signal_body(str(new_id()), device, kind, now)
    try:
        async with asyncio.timeout(DRAIN_S):
            status = await client.post(PATH, signed_headers(credentials, body, now), body)
    except OSError as error:  # TimeoutError is one
        figures.statuses[type(error).__name__] += 1
        return
    figures.statuses[str(status)] += 1
    if status in (200, 201):
        figures.latencies.append(clock.monotonic() - due)
