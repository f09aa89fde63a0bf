"""What came of a storm: the row of the table of faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import asyncpg

from tests.faults.homes import contacts_of
from tests.faults.storming import Storm
from tests.support.sms_gateway import FakeSmsbox


@dataclass(frozen=True)
class Row:
    """One fault: counts, and seconds."""

    fault: str
    sent: int
    acknowledged: int
    in_journal: int
    shown: int
    double: int
    lost: int
    texts: int
    """Contacts of homes who had at least one text, of those who should have."""
    untold: int
    twice: int
    """Contacts who had the same text more than once."""
    longest_silence_s: float
    """Between a press and its ring at the seat, the longest."""
    longest_ack_s: float
    recovered_s: float
    """From the end of the fault until the database had everything."""


async def row_of(
    fault: str,
    made: Storm,
    owner: asyncpg.Connection,
    recovered_s: float,
    box: FakeSmsbox | None = None,
) -> Row:
    """What came of it, asked of the database and of the gateway, if there is one."""
    callers = list(made.sent)
    in_journal = {row["identifier"] for row in await owner.fetch(_STORED, callers)}
    rung = [made.shown[caller] - made.sent[caller] for caller in made.rung]
    acks = [at - made.sent[caller] for caller, at in made.acknowledged.items()]
    told = Counter(each.recipient for each in box.taken) if box else Counter[str]()
    contacts = to_be_told(made) if box else []
    return Row(
        fault=fault,
        sent=len(callers),
        acknowledged=len(made.acknowledged),
        in_journal=len(in_journal),
        shown=len(made.rung),
        double=await doubled(owner, callers),
        lost=len(made.acknowledged.keys() - in_journal),
        texts=sum(1 for contact in contacts if told[contact]),
        untold=sum(1 for contact in contacts if not told[contact]),
        twice=sum(1 for contact in contacts if told[contact] > 1),
        longest_silence_s=max(rung),
        longest_ack_s=max(acks),
        recovered_s=recovered_s,
    )


def to_be_told(made: Storm) -> list[str]:
    """The contacts of all homes that have pressed."""
    return contacts_of(made.sent)


async def doubled(owner: asyncpg.Connection, callers: Iterable[str]) -> int:
    """How many of those who pressed once have two alarms. Whoever was not looked up in time and repeated when they were known has one: what
    rang as unknown has ended as part of it (`alerts/handling/recognising.py`). While it has not, they are two.
    """
    count: int = await owner.fetchval(_DOUBLED, list(callers))
    return count


_STORED = """
SELECT DISTINCT identifier FROM journal WHERE identifier = ANY($1) AND outcome IN ('opened', 'joined')
"""

_DOUBLED = """
SELECT count(*) FROM (
    SELECT press.identifier FROM journal AS press
    WHERE press.identifier = ANY($1) AND press.outcome IN ('opened', 'joined') AND NOT EXISTS (
        SELECT FROM incident JOIN timeline_entry AS said ON said.incident_id = incident.id AND said.kind = 'recognised'
        JOIN journal AS goes_on ON goes_on.incident_id = (said.data->>'part_of_id')::uuid AND goes_on.identifier = press.identifier
        WHERE incident.id = press.incident_id AND incident.state = 'closed' AND incident.outcome = 'part_of_other'
    )
    GROUP BY press.identifier HAVING count(DISTINCT press.incident_id) > 1
) AS caller
"""

HEAD: Final = (
    "| fault | sent | acknowledged | in the journal | shown | double | lost | told by SMS | not told | told twice |"
    " longest until it rang (s) | longest until acknowledged (s) | all written after (s) |\n"
    "|---|---|---|---|---|---|---|---|---|---|---|---|---|"
)


def line(row: Row) -> str:
    """Of the table in docs/faults.md."""
    cells = [
        row.fault, row.sent, row.acknowledged, row.in_journal, row.shown, row.double, row.lost,
        row.texts, row.untold, row.twice,
        f"{row.longest_silence_s:.2f}", f"{row.longest_ack_s:.2f}", f"{row.recovered_s:.2f}",
    ]  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"
