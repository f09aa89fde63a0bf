"""Which recordings are too old: never a held one, never one of an open incident; the database looks once more (migration 0068b).

The row says first that it has expired; its file goes some seconds later (`hotline.recordings.removing`), and again until it is gone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from callcenter.upkeep.kinds import KeptKind
from callcenter.upkeep.rows import Rows

_EXPIRE: Final = "UPDATE recording SET state = 'expired', waveform = NULL WHERE id IN ({chosen})"


def _rows(of: str) -> Rows:
    return Rows(
        f"""
        SELECT one.id AS key, one.recorded_at AS at FROM recording AS one
        LEFT JOIN call ON call.id = one.call_id LEFT JOIN incident ON incident.id = call.incident_id
        WHERE one.state IN ('kept', 'repaired', 'missing') AND one.recorded_at < $1 AND {of}
        ORDER BY one.recorded_at
        """,  # noqa: S608 - constants
        _EXPIRE,
    )


OLD_RECORDINGS: Final[Mapping[KeptKind, Rows]] = MappingProxyType(
    {
        KeptKind.RECORDINGS: _rows("call.incident_id IS NULL AND call.kind IS DISTINCT FROM 'red'"),
        KeptKind.RECORDINGS_RED: _rows("call.incident_id IS NULL AND call.kind = 'red'"),
        KeptKind.RECORDINGS_CASE: _rows("incident.state = 'closed'"),
    }
)
