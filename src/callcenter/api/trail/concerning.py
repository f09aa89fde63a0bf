"""Which entries of the trail tell of one resident: of themselves, of the homes in which they lived while they lived there, of
the incidents of those homes then, and of lists and files in which they stood.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import ColumnElement, Text, Uuid, bindparam, column, text

from callcenter.audit.models import AuditEntry


def of_resident(resident_id: int, timezone: str) -> ColumnElement[bool]:
    """The condition for `Wanted.among`. `timezone` is the site's: by its days people move."""
    found = _CONCERNING.bindparams(resident=resident_id).bindparams(
        bindparam("zone", timezone, type_=Text)
    )
    return AuditEntry.id.in_(found.columns(column("id", Uuid)))


_CONCERNING: Final = text("""
WITH stay AS (
    SELECT residence.home_id, region.path, residence.from_day::timestamp AT TIME ZONE :zone AS since,
           coalesce(residence.until_day::timestamp AT TIME ZONE :zone, 'infinity') AS until
    FROM residence JOIN region ON region.id = residence.region_id
    WHERE residence.resident_id = :resident AND residence.withdrawn_at IS NULL
)
SELECT id FROM audit_entry WHERE subject = 'resident:' || CAST(:resident AS bigint)
UNION
SELECT id FROM audit_entry
WHERE detail ?| '{home_ids,ids,resident_ids}'
  AND (detail @> jsonb_build_object('resident_ids', jsonb_build_array(CAST(:resident AS bigint)))
       OR subject = 'residents' AND detail @> jsonb_build_object('ids', jsonb_build_array(CAST(:resident AS bigint))))
UNION
SELECT entry.id FROM stay JOIN audit_entry AS entry ON entry.subject = 'home:' || stay.home_id
WHERE entry.at >= stay.since AND entry.at < stay.until
UNION
SELECT entry.id
FROM stay JOIN incident ON incident.home_id = stay.home_id AND incident.opened_at >= stay.since AND incident.opened_at < stay.until
JOIN audit_entry AS entry ON entry.subject = 'incident:' || incident.id
UNION
SELECT entry.id
FROM stay JOIN audit_entry AS entry ON entry.detail ?| '{home_ids,ids,resident_ids}'
 AND (entry.detail @> jsonb_build_object('home_ids', jsonb_build_array(stay.home_id))
      OR entry.subject = 'homes' AND entry.detail @> jsonb_build_object('ids', jsonb_build_array(stay.home_id)))
WHERE entry.at >= stay.since AND entry.at < stay.until
UNION
SELECT entry.id
FROM stay JOIN audit_entry AS entry ON entry.action = 'residents_exported' AND entry.at >= stay.since AND entry.at < stay.until
WHERE EXISTS (
    SELECT FROM region AS exported
    WHERE exported.id = ANY(entry.region_ids) AND exported.id = ANY(stay.path)
      AND NOT EXISTS (SELECT FROM region AS below WHERE below.id = ANY(entry.region_ids) AND below.parent_id = exported.id)
)
""")
"""An export names the regions that it was made of, or one with those above it: the lowest are what it held."""
