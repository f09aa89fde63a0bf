"""A family has opened the page of its link: the operator sees who has. Pure."""

from __future__ import annotations

from datetime import datetime

from callcenter.alerts.bodies import PageLook
from callcenter.alerts.entries import PageOpened
from callcenter.alerts.handling.decision import By, Command, Decision, Facts, moved
from callcenter.alerts.incident import Event, Incident


def page_opened(
    incident: Incident, facts: Facts, by: By, body: PageLook, now: datetime
) -> Decision:
    """It stands on the timeline, and answers nothing: whoever looks has not said that they go."""
    said = PageOpened(
        contact_id=body.contact_id,
        name=body.name,
        relation=body.relation,
        relation_en=body.relation_en,
    )
    return Decision(moved(incident, Event.RECORD, by), said)


PAGE_OPENED = Command("page_opened", PageLook, page_opened, frozenset())
