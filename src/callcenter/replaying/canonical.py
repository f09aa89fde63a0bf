"""What came of a night, in a form that two systems can be compared by, byte for byte. Pure.

Ids say nothing and are replaced by what they stand for in the order of the night; versions, marks of change and what a gateway
called a text are left out. Times are told as they were written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count
from typing import Any, Final

import orjson

Row = Mapping[str, Any]

LEFT_OUT: Final = frozenset(
    {"version", "changed_xid", "due_at", "lease_until", "gateway", "provider_id", "provider_key", "segments"}
)  # fmt: skip
"""Of rows: counted by each system for itself, or of the sender's tries."""
FOLDED: Final = frozenset({"count", "more"})
"""Of a text's parameters: how many others its sender has told with it."""
UNDER_WAY: Final = {"state": "under way", "attempt": 0, "error": None}
"""Of a text that no gateway had taken when the night was told: how far its sender was is nobody's act."""
_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def canonical(tables: Mapping[str, Sequence[Row]]) -> list[str]:
    """One line for each incident, entry, text, plan, signal and answer; `tables` by name, rows as `to_jsonb` makes them."""
    incidents = sorted(tables["incident"], key=lambda row: (row["opened_at"], row["number"]))
    signals = sorted(tables["journal"], key=lambda row: (row["stored_at"], row["id"]))
    answers = sorted(tables["sms_inbound"], key=lambda row: (row["received_at"], row["id"]))
    names = {
        **_named("incident", incidents),
        **_named("signal", signals),
        **_named("answer", answers),
    }
    told = [*_of_incidents(incidents, tables)]
    told += [("signal", row) for row in signals]
    told += [("answer", row) for row in answers]
    return [_line(what, row, names) for what, row in told]


def _named(what: str, rows: Iterable[Row]) -> dict[str, str]:
    return {row["id"]: f"{what} {number}" for row, number in zip(rows, count(1), strict=False)}


def _of_incidents(
    incidents: Sequence[Row], tables: Mapping[str, Sequence[Row]]
) -> Iterator[tuple[str, Row]]:
    for incident in incidents:
        own = incident["id"]
        yield "incident", incident
        for what, table in (("entry", "timeline_entry"), ("plan", "incident_plan")):
            rows = [row for row in tables[table] if row["incident_id"] == own]
            yield from ((what, row) for row in sorted(rows, key=lambda row: int(row["number"])))
        texts = [row for row in tables["sms_message"] if row["reference"] == own]
        yield from (("text", row) for row in sorted(texts, key=_order_of_texts))


def _order_of_texts(row: Row) -> tuple[str, str, str]:
    return row["created_at"], row["recipient"], row["dedup"]


def _line(what: str, row: Row, names: Mapping[str, str]) -> str:
    kept = {name: value for name, value in row.items() if name not in LEFT_OUT}
    if what == "text":
        del kept["id"]
        kept["params"] = {k: v for k, v in row["params"].items() if k not in FOLDED}
        kept |= UNDER_WAY if row["settled_at"] is None and row["submitted_at"] is None else {}
    said = orjson.dumps(kept, option=orjson.OPT_SORT_KEYS).decode()
    return f"{what} {_ID.sub(lambda found: names.get(found[0], found[0]), said)}"
