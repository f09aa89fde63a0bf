"""What of the field is too old: work that is over, what was said at doors, when somebody was on duty, what let a phone in.

What is append-only for the server goes through functions of the database (migration 0062b) that look once more. A task of an incident
goes after the timeline of that: its steps are entries there. What is counted of work stays in `field_figure`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from callcenter.upkeep.kinds import KeptKind
from callcenter.upkeep.rows import Rows, Together

_RUNNING: Final = """
EXISTS (SELECT FROM task JOIN incident ON incident.id = task.incident_id AND incident.state <> 'closed' WHERE task.id = one.task_id)
"""

OLD_FIELD_ROWS: Final[Mapping[KeptKind, Rows | Together]] = MappingProxyType(
    {
        KeptKind.CHECK_IN_PLACES: Together(
            (
                Rows(
                    f"""
                    SELECT one.id AS key, one.received_at AS at FROM check_in AS one
                    WHERE one.lat IS NOT NULL AND one.received_at < $1 AND NOT {_RUNNING}
                    """,  # noqa: S608 - a constant
                    "SELECT take_check_in_places(ARRAY({chosen}))",
                    locks=False,
                ),
                Rows(
                    "SELECT id AS key, received_at AS at FROM round_check AS one WHERE lat IS NOT NULL AND received_at < $1",
                    "SELECT take_round_check_places(ARRAY({chosen}))",
                    locks=False,
                ),
            )
        ),
        KeptKind.TASKS: Together(
            (
                Rows(
                    "SELECT id AS key, ended_at AS at FROM task AS one WHERE ended_at < $1 AND incident_id IS NULL",
                    "SELECT take_tasks(ARRAY({chosen}))",
                ),
                Rows(
                    # One look into the timeline for each of few tasks: as NOT EXISTS it may become a scan of all timelines.
                    """
                    SELECT id AS key, ended_at AS at FROM task AS one WHERE ended_at < $1 AND incident_id IS NOT NULL
                    AND (SELECT state FROM incident WHERE incident.id = one.incident_id) = 'closed'
                    AND (SELECT number FROM timeline_entry AS entry WHERE entry.incident_id = one.incident_id LIMIT 1) IS NULL
                    """,
                    "SELECT take_tasks(ARRAY({chosen}))",
                ),
                Rows(
                    "SELECT id AS key, ended_at AS at FROM care_wish AS one WHERE ended_at < $1",
                    "SELECT take_wishes(ARRAY({chosen}))",
                ),
            )
        ),
        KeptKind.ROUNDS: Rows(
            """
            SELECT id AS key, closed_at AS at FROM round_run AS one
            WHERE state = 'closed' AND closed_at < $1 AND NOT EXISTS (
                SELECT FROM round_visit AS visit JOIN call_item AS item ON item.id = visit.call_item_id
                WHERE visit.run_id = one.id AND item.state IN ('open', 'leased'))
            """,
            "SELECT take_round_runs(ARRAY({chosen}))",
        ),
        KeptKind.PAIR_TICKS: Rows(
            "SELECT id AS key, one.at FROM pair_tick AS one WHERE one.at < $1",
            "SELECT take_pair_ticks(ARRAY({chosen}))",
            locks=False,
        ),
        KeptKind.FIELD_COMMANDS: Rows(
            "SELECT id AS key, received_at AS at FROM field_command AS one WHERE received_at < $1",
            "SELECT take_field_commands(ARRAY({chosen}))",
        ),
        KeptKind.FAMILY_LOOKS: Rows(
            """
            SELECT one.ctid AS key, last_at AS at FROM family_look AS one
            WHERE last_at < $1 AND NOT EXISTS (
                SELECT FROM incident WHERE incident.id = one.incident_id AND incident.state <> 'closed')
            """,
            "DELETE FROM family_look WHERE ctid IN ({chosen})",
        ),
        KeptKind.PHONE_LOG_INS: Together(
            (
                Rows(
                    """
                    SELECT token_hash AS key, least(until_at, revoked_at) AS at FROM field_session AS one
                    WHERE least(until_at, revoked_at) < $1
                    """,
                    "DELETE FROM field_session WHERE token_hash IN ({chosen})",
                ),
                Rows(
                    "SELECT id AS key, until_at AS at FROM field_link AS one WHERE until_at < $1",
                    "DELETE FROM field_link WHERE id IN ({chosen})",
                ),
                Rows(
                    "SELECT staff_id AS key, until_at AS at FROM field_code AS one WHERE until_at < $1",
                    "DELETE FROM field_code WHERE staff_id IN ({chosen})",
                ),
            )
        ),
        KeptKind.DUTIES: Together(
            (
                Rows(
                    "SELECT id AS key, ends_at AS at FROM roster_shift AS one WHERE ends_at < $1",
                    "DELETE FROM roster_shift WHERE id IN ({chosen})",
                ),
                Rows(
                    """
                    SELECT id AS key, ended_at AS at FROM duty AS one
                    WHERE ended_at < $1 AND NOT EXISTS (SELECT FROM roster_shift WHERE began_duty_id = one.id)
                    """,
                    "DELETE FROM duty WHERE id IN ({chosen})",
                ),
                Rows(
                    """
                    SELECT id AS key, until_day::timestamptz AS at FROM absence AS one WHERE until_day::timestamptz < $1
                    """,
                    "DELETE FROM absence WHERE id IN ({chosen})",
                ),
            )
        ),
    }
)
"""Positions of the field have their days (`old_rows.OLD_PARTS`), its photographs are among `old_rows.OLD_ROWS`."""
