"""What the server counts and measures; `/metrics` shows it. Labels never carry a person, a number or an identifier."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from callcenter.core.clock import Clock

CONTENT_TYPE = CONTENT_TYPE_LATEST
REGISTRY = CollectorRegistry(auto_describe=True)

_MILLISECONDS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_REACTION = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0)

SIGNALS = Counter(
    "callcenter_signals",
    "Signals in the journal, by source and outcome.",
    ["source", "outcome"],
    registry=REGISTRY,
)
CALLS = Counter(
    "callcenter_calls",
    "Telephone calls that have ended, by direction, kind of line, and whether somebody answered.",
    ["direction", "kind", "outcome"],
    registry=REGISTRY,
)
CALLS_STANDING = Gauge(
    "callcenter_calls_standing",
    "Telephone calls that stand: waiting for somebody, or spoken in.",
    ["state"],
    registry=REGISTRY,
)
EXCHANGE_THERE = Gauge(
    "callcenter_exchange_there",
    "1 while the telephone exchange answers this server; 0 also where none is set up.",
    registry=REGISTRY,
)
FLUSH_SIZE = Histogram(
    "callcenter_flush_signals",
    "Signals committed together by one flush of a lane.",
    ["lane"],
    buckets=(1, 2, 5, 10, 20, 50, 100, 250),
    registry=REGISTRY,
)
FLUSH_SECONDS = Histogram(
    "callcenter_flush_seconds",
    "Time of one flush of a lane, commit included.",
    ["lane"],
    buckets=_MILLISECONDS,
    registry=REGISTRY,
)
STORE_WELL = Gauge(
    "callcenter_store_well",
    "1 while alarms can be written: the last flush, or the last rehearsal of one, worked.",
    registry=REGISTRY,
)
STORE_WELL.set(1)
SPOOL_WELL = Gauge(
    "callcenter_spool_well",
    "1 while the spool takes what comes: an alarm is on the disk before the database has it.",
    registry=REGISTRY,
)
SPOOL_WELL.set(1)
FORWARDINGS = Counter(
    "callcenter_forwardings",
    "Forwardings to other centres, by the state they came to; a receipt is their machine's, not a person's.",
    ["state"],
    registry=REGISTRY,
)
CENTRES_UNREACHABLE = Gauge(
    "callcenter_centres_unreachable",
    "Other centres whose path did not work when it was tried last.",
    registry=REGISTRY,
)
KEPT = Counter(
    "callcenter_kept_total",
    "Signals that rang, and commands that were done, before the database had them.",
    ["what"],
    registry=REGISTRY,
)
KEPT_WAITING = Gauge(
    "callcenter_kept_waiting",
    "Of these, what the database does not have yet.",
    registry=REGISTRY,
)
SNAPSHOT_BYTES = Gauge(
    "callcenter_snapshot_bytes",
    "Size of what the alarm process would start with while the database is away.",
    ["file"],
    registry=REGISTRY,
)
SNAPSHOT_WRITTEN_AT = Gauge(
    "callcenter_snapshot_written_at",
    "When the office last wrote down what is open and who is logged in, in seconds since 1970.",
    registry=REGISTRY,
)
STORE_AGE_SECONDS = Gauge(
    "callcenter_store_age_seconds",
    "Since an alarm was last written, or could have been; of the alarm process.",
    registry=REGISTRY,
)
DISK_RESERVE = Gauge(
    "callcenter_disk_reserve_whole",
    "1 while the disk of the private database has room beside what is kept for alarms; of the alarm process.",
    registry=REGISTRY,
)
STORED_TO_SEEN_SECONDS = Histogram(
    "callcenter_stored_to_seen_seconds",
    "From the commit of an alarm until the first seat shows it.",
    buckets=_REACTION,
    registry=REGISTRY,
)
STORED_TO_SOUNDING_SECONDS = Histogram(
    "callcenter_stored_to_sounding_seconds",
    "From the commit of an alarm until the tone plays at a seat.",
    buckets=_REACTION,
    registry=REGISTRY,
)
SMS = Counter("callcenter_sms", "Changes of state of texts.", ["state"], registry=REGISTRY)
SMS_WAITING_SECONDS = Gauge(
    "callcenter_sms_waiting_seconds",
    "How long the oldest emergency text has waited to leave; 0 while none waits.",
    registry=REGISTRY,
)
SMS_SENT_AT = Gauge(
    "callcenter_sms_sent_timestamp_seconds",
    "When a gateway last took a text, as seconds since 1970.",
    registry=REGISTRY,
)
LIVENESS = Counter(
    "callcenter_listener_liveness",
    "Frames that only say that a device lives, by listener.",
    ["listener"],
    registry=REGISTRY,
)
REFUSED = Counter(
    "callcenter_listener_refused",
    "Requests and frames refused, by listener.",
    ["listener"],
    registry=REGISTRY,
)
GARBAGE = Counter(
    "callcenter_listener_garbage",
    "Undecodable bytes beyond what the journal keeps, by listener.",
    ["listener"],
    registry=REGISTRY,
)
CONNECTIONS = Gauge(
    "callcenter_listener_connections",
    "Open connections of devices, by listener.",
    ["listener"],
    registry=REGISTRY,
)
LISTENER_ACCEPTED_SECONDS = Gauge(
    "callcenter_listener_accepted_age_seconds",
    "Since this listener last let a connection in; of the alarm process.",
    ["listener"],
    registry=REGISTRY,
)
LISTENER_READ_SECONDS = Gauge(
    "callcenter_listener_read_age_seconds",
    "Since this listener last read something of any device; of the alarm process.",
    ["listener"],
    registry=REGISTRY,
)
GIVEN_UP = Counter(
    "callcenter_connections_given_up",
    "Connections closed to make room for new ones, by what they belong to.",
    ["places"],
    registry=REGISTRY,
)
OUTSIDE = Counter(
    "callcenter_outside_requests",
    "Requests at the second listener: file, office, or why one was refused.",
    ["answer"],
    registry=REGISTRY,
)
SEATS_CONNECTED = Gauge(
    "callcenter_seats_connected", "Seats connected to this process.", registry=REGISTRY
)
SEATS_ARMED = Gauge(
    "callcenter_seats_armed",
    "Seats connected to this process that are on duty with sound.",
    registry=REGISTRY,
)
SEATS_CUT = Counter(
    "callcenter_seats_cut",
    "Consoles cut because too much waited for them.",
    registry=REGISTRY,
)
REGISTRY_COMPLETE = Gauge(
    "callcenter_registry_complete",
    "1 when every home and device is in memory; until then those that call are looked up one by one.",
    registry=REGISTRY,
)
ALARMS_UNTOLD = Gauge(
    "callcenter_alarms_untold",
    "Waiting alarms that no manned seat sees and whose regions have no duty number to be told.",
    registry=REGISTRY,
)
TASKS = Gauge(
    "callcenter_tasks",
    "Tasks of the event loop: what only grows is a leak.",
    registry=REGISTRY,
)
LOOP_LAG_SECONDS = Histogram(
    "callcenter_loop_lag_seconds",
    "How late the event loop woke from a sleep of half a second.",
    buckets=_MILLISECONDS,
    registry=REGISTRY,
)
PROCESSOR_WORKED_AT = Gauge(
    "callcenter_processor_worked_timestamp_seconds",
    "When a cycle of this processor last ended well, as seconds since 1970.",
    ["processor"],
    registry=REGISTRY,
)
PROCESSOR_EVERY_SECONDS = Gauge(
    "callcenter_processor_every_seconds",
    "How often this processor works at least, while nothing wakes it sooner.",
    ["processor"],
    registry=REGISTRY,
)
CHECK_STATE = Gauge(
    "callcenter_check_state",
    "What must be alive: 0 well, 1 not set up, 2 unknown, 3 worth a look, 4 bad.",
    ["check", "subject"],
    registry=REGISTRY,
)
CHECK_VALUE = Gauge(
    "callcenter_check_value",
    "The value that was judged, in the unit of its check; absent while it is unknown.",
    ["check", "subject"],
    registry=REGISTRY,
)
SMS_GATEWAY_WORKS = Gauge(
    "callcenter_sms_gateway_works",
    "1 while the gateway is used; 0 while it is left alone because it failed several times in a row.",
    ["gateway"],
    registry=REGISTRY,
)
PROCESSOR_CYCLE_SECONDS = Histogram(
    "callcenter_processor_cycle_seconds",
    "One cycle of a processor, by its result: worked, idle, failed.",
    ["processor", "result"],
    buckets=_MILLISECONDS,
    registry=REGISTRY,
)


def exposition() -> bytes:
    """Everything counted, in the text format of Prometheus (see CONTENT_TYPE)."""
    return generate_latest(REGISTRY)


def merged(expositions: Mapping[str, bytes]) -> bytes:
    """What several processes count, as one exposition: each sample says by a label `process` whose it is.

    The text format wants all samples of a family together, below one head of comments
    (https://prometheus.io/docs/instrumenting/exposition_formats/).
    """
    heads: dict[str, list[str]] = {}
    samples: dict[str, list[str]] = {}
    for process, exposition_ in expositions.items():
        family = ""
        for line in exposition_.decode().splitlines():
            if line.startswith(("# HELP ", "# TYPE ")):
                family = line.split(" ", 3)[2]
                head = heads.setdefault(family, [])
                if line not in head:
                    head.append(line)
            elif line and not line.startswith("#"):
                samples.setdefault(family, []).append(_labelled(line, process))
    lines = [line for family, head in heads.items() for line in [*head, *samples.get(family, [])]]
    return "\n".join([*lines, ""]).encode()


def _labelled(sample: str, process: str) -> str:
    name, brace, rest = sample.partition("{")
    if brace:
        return f'{name}{{process="{process}",{rest}'
    name, _, value = sample.partition(" ")
    return f'{name}{{process="{process}"}} {value}'


async def watch_loop_lag(clock: Clock, *, every_s: float = 0.5) -> None:
    """Measure for ever how late the loop wakes; a blocked loop is an alarm that waits."""
    while True:
        before = clock.monotonic()
        await asyncio.sleep(every_s)
        LOOP_LAG_SECONDS.observe(max(0.0, clock.monotonic() - before - every_s))
        TASKS.set(len(asyncio.all_tasks()))
