"""Who saw whose data in a call: one entry of the audit trail a call, user and home (or person of the staff), of whoever took it.

Written with the rows of the call, so that nothing of it lies on the way of an alarm; a call that another process wrote before is not
told of twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from callcenter.core.ids import new_id
from callcenter.devices.callers import Match
from callcenter.hotline.call import Call

ACTION: Final = "call_shown"


def looks_of(call: Call, users: Iterable[int], at: datetime) -> list[dict[str, Any]]:
    """What their seats have shown of people: nothing of organisations, nothing of a number that nobody has. Pure but for the ids."""
    shown = _by_subject(call)
    return [
        {
            "id": new_id(),
            "at": at,
            "user_id": user,
            "call_id": call.id,
            "subject": subject,
            "region_id": matches[0].region_id,
            "detail": _detail(matches),
        }
        for user in sorted(users)
        for subject, matches in shown.items()
    ]


def _by_subject(call: Call) -> Mapping[str, list[Match]]:
    found: defaultdict[str, list[Match]] = defaultdict(list)
    known = (*call.matches, *((call.attached,) if call.attached else ()))
    for match in dict.fromkeys(known):
        if match.home_id is not None:
            found[f"home:{match.home_id}"].append(match)
        elif match.staff_id is not None:
            found[f"staff:{match.staff_id}"].append(match)
    return found


def _detail(matches: Iterable[Match]) -> dict[str, list[int]]:
    listed = list(matches)
    ids = {
        name: sorted({getattr(each, f"{name}_id") for each in listed} - {None})
        for name in ("resident", "contact", "staff")
    }
    return {f"{name}_ids": found for name, found in ids.items() if found}


WRITE_LOOKS: Final = f"""
INSERT INTO audit_entry (id, at, user_id, action, subject, region_ids, detail)
SELECT input.id, input.at, input.user_id, '{ACTION}', input.subject,
    coalesce((SELECT path FROM region WHERE region.id = input.region_id), '{{}}'), input.detail || jsonb_build_object('call_id', input.call_id)
FROM json_to_recordset($1::text::json) AS input(
    id uuid, at timestamptz, user_id bigint, subject text, region_id bigint, call_id uuid, detail jsonb
)
WHERE NOT EXISTS (
    SELECT FROM audit_entry AS one WHERE one.subject = input.subject AND one.action = '{ACTION}' AND one.user_id = input.user_id
    AND one.detail->>'call_id' = input.call_id::text
)
"""  # noqa: S608 - a constant
