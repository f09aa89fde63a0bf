"""When nobody needs to ring a contact any more about an alarm: by the same words as no further contact is told by text, but for one. Who was
reached and for whom an ambulance was called needs their family as well.
"""

from __future__ import annotations

from typing import Final

from callcenter.alerts.incident import TELLING_STOPPED
from callcenter.sms.catalogue import TO_CONTACTS, in_sql

NEEDLESS: Final = f"""(
    incident.state = 'closed' OR incident.mode <> 'real' OR '{TELLING_STOPPED}' = ANY(incident.marks)
    OR EXISTS (
        SELECT FROM sms_inbound AS said WHERE said.sender = {{number}} AND said.received_at >= {{since}}
        AND incident.id IN (said.reference, said.about)
    )
    OR EXISTS (SELECT FROM (
        SELECT DISTINCT ON (sender) meaning FROM sms_inbound
        WHERE reference = incident.id AND meaning IN ('yes', 'no') AND EXISTS (
            SELECT FROM sms_message WHERE sms_message.reference = incident.id AND recipient = sender AND withdrawn_at IS NULL
            AND sms_message.kind IN {in_sql(TO_CONTACTS)}
        )
        ORDER BY sender, received_at DESC, id DESC
    ) AS last WHERE meaning = 'yes')
    OR EXISTS (
        SELECT FROM timeline_entry AS entry WHERE entry.incident_id = incident.id AND entry.kind = 'step'
        AND (entry.data->>'step', entry.data->>'result') IN (('safe', 'done'), ('safe', 'reached'))
    )
    OR EXISTS (
        SELECT FROM timeline_entry AS entry WHERE entry.incident_id = incident.id AND entry.kind = 'step'
        AND (entry.data->>'step', entry.data->>'result') = ('call_back', 'reached')
    ) AND NOT EXISTS (
        SELECT FROM timeline_entry AS entry WHERE entry.incident_id = incident.id AND entry.kind = 'step'
        AND entry.data->>'step' IN ('ambulance_called', 'fire_called', 'police_called') AND entry.data->>'result' = 'done'
    )
)"""  # noqa: S608 constant kinds
"""Closed, a test, stopped by the operator, answered by that number, somebody is on the way, or the person was reached and needs nobody who was called for them, or is safe: of `incident`,
`number` and since when, as parts of the statement that it stands in.
"""
