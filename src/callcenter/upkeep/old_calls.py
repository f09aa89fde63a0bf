"""Of which calls it is forgotten whose they were. The row stays, as what is counted: when, on which line, how long, who answered.

What is append-only for the server goes through a function of the database (migration 0075b) that looks once more. Rows of recordings go with
their call, when the last of their files is gone; files go by the age of recordings, and none that is held does (`old_recordings.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from callcenter.upkeep.kinds import KeptKind
from callcenter.upkeep.rows import Rows, Together

OLD_CALLS: Final[Mapping[KeptKind, Rows | Together]] = MappingProxyType(
    {
        KeptKind.VOICE_CALLS: Rows(
            """
            SELECT one.id AS key, one.ended_at AS at FROM voice_call AS one
            WHERE one.ended_at < $1 AND NOT one.is_forgotten
            AND NOT EXISTS (SELECT FROM incident WHERE incident.id = one.incident_id AND incident.state <> 'closed')
            AND NOT EXISTS (SELECT FROM call_item AS item WHERE item.id = one.call_item_id AND item.state IN ('open', 'leased'))
            """,
            """
            UPDATE voice_call SET is_forgotten = true, number = '', params = '{{}}', incident_id = NULL, contact_id = NULL,
                call_item_id = NULL, version = version + 1 WHERE id IN ({chosen})
            """,
        ),
        KeptKind.CALLS: Together(
            (
                Rows(
                    # One look into the timeline for each of few calls: as NOT EXISTS it may become a scan of all timelines.
                    """
                    SELECT one.id AS key, one.ended_at AS at FROM call AS one
                    WHERE one.ended_at < $1 AND NOT one.is_forgotten AND (one.direction = 'out' OR one.disposition IS NOT NULL)
                    AND NOT EXISTS (SELECT FROM hotline_case WHERE call_id = one.id AND (state = 'open' OR done_at >= $1))
                    AND NOT EXISTS (SELECT FROM recording WHERE call_id = one.id AND removed_at IS NULL)
                    AND (one.incident_id IS NULL
                        OR (SELECT state FROM incident WHERE incident.id = one.incident_id) = 'closed'
                        AND (SELECT number FROM timeline_entry AS entry WHERE entry.incident_id = one.incident_id LIMIT 1) IS NULL)
                    """,
                    "SELECT forget_calls(ARRAY({chosen}))",
                ),
                Rows(
                    """
                    SELECT one.id AS key, one.recorded_at AS at FROM recording AS one
                    WHERE one.call_id IS NULL AND one.removed_at IS NOT NULL AND one.recorded_at < $1
                    """,
                    "SELECT take_unknown_recordings(ARRAY({chosen}))",
                    locks=False,
                ),
            )
        ),
    }
)
