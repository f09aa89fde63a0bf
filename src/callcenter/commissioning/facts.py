"""Reads what the checklist of a site decides on. Of the tables alone: no process is asked how it feels."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth.permissions import Action, roles_with
from callcenter.commissioning.checklist import LATELY, Facts, Trial
from callcenter.core.last_copy import Kind, last_of


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """Port of the context: what the settings file says of this server."""

    gateways: Sequence[str]
    """Names of those that reach telephones; a sandbox does not."""
    certificate: Path | None
    data_dir: Path | None = None
    """Where is noted what came of the copies; None: nowhere."""


async def read_facts(session: AsyncSession, site: SiteSettings, now: datetime) -> Facts:
    """As they are at this moment."""
    asked = {"since": now - LATELY, "now": now, "roles": roles_with(Action.WORK_INCIDENTS)}
    row = (await session.execute(_FACTS, asked)).mappings().one()
    trial = (await session.execute(_TRIAL, {"since": asked["since"]})).mappings().first()
    copied_at, drilled_at = await asyncio.to_thread(_copies, site.data_dir)
    return Facts(
        **row,
        trial=None if trial is None else Trial(**trial),
        gateways=site.gateways,
        certificate_until=certificate_until(site.certificate),
        copied_at=copied_at,
        drilled_at=drilled_at,
    )


def _copies(data_dir: Path | None) -> tuple[datetime | None, datetime | None]:
    """When a copy was last taken, and when the last trial of one went well; one that failed since is none."""
    if data_dir is None:
        return None, None
    copy, drill = (last_of(data_dir, kind) for kind in (Kind.BACKUP, Kind.DRILL))
    return (copy.at if copy and copy.ok else None), (drill.at if drill and drill.ok else None)


def certificate_until(path: Path | None) -> datetime | None:
    """Until when the first certificate of a PEM file holds; None where there is none to be read."""
    if path is None:
        return None
    try:
        return x509.load_pem_x509_certificate(path.read_bytes()).not_valid_after_utc
    except (OSError, ValueError):
        return None


_TRIAL = text(
    """
    SELECT opened_at AS sent_at,
        (SELECT min(at) FROM incident_proof WHERE incident_id = incident.id AND proof = 'seen') AS seen_at,
        (SELECT min(at) FROM incident_proof WHERE incident_id = incident.id AND proof = 'sounding') AS sounding_at,
        taken_at,
        (SELECT user_name FROM timeline_entry WHERE incident_id = incident.id AND kind = 'taken' ORDER BY number LIMIT 1) AS taken_by
    FROM incident WHERE opened_at >= :since AND starts_with(subject, 'trial:') ORDER BY opened_at DESC LIMIT 1
    """
)

_FACTS = text(
    """
WITH region_says AS (
    SELECT region.id,
        EXISTS (SELECT FROM region AS above WHERE above.id = ANY(region.path) AND above.hotline <> '') AS has_hotline,
        EXISTS (SELECT FROM region AS above WHERE above.id = ANY(region.path) AND above.duty_numbers <> '{}') AS has_duty
    FROM region
), working AS (
    SELECT DISTINCT app_user.id FROM app_user JOIN role_grant ON role_grant.user_id = app_user.id
    WHERE app_user.active AND role_grant.role = ANY(CAST(:roles AS text[]))
      AND (role_grant.until_at IS NULL OR role_grant.until_at > :now)
)
SELECT
    (SELECT count(*) FROM region WHERE parent_id IS NOT NULL) AS regions,
    (SELECT count(*) FROM home WHERE merged_into IS NULL) AS homes,
    (SELECT count(DISTINCT home_id) FROM device_assignment WHERE valid_until IS NULL) AS with_device,
    (SELECT count(*) FROM home JOIN region_says ON region_says.id = home.region_id WHERE merged_into IS NULL AND NOT has_hotline) AS without_hotline,
    (SELECT count(*) FROM home JOIN region_says ON region_says.id = home.region_id WHERE merged_into IS NULL AND NOT has_duty) AS without_duty,
    EXISTS (SELECT FROM region WHERE parent_id IS NULL AND duty_numbers <> '{}') AS root_has_duty,
    (SELECT count(*) FROM working) AS operators,
    (SELECT count(DISTINCT shift.user_id) FROM shift JOIN working ON working.id = shift.user_id WHERE shift.seen_at >= :since) AS seats_lately,
    (SELECT max(settled_at) FROM sms_message WHERE state = 'delivered') AS delivered_at,
    (
        SELECT max(opened_at) FROM incident
        WHERE mode = 'real' AND class = 'alarm' AND taken_at IS NOT NULL AND opened_at >= :since
          AND (SELECT count(DISTINCT proof) FROM incident_proof WHERE incident_id = incident.id) = 2
    ) AS answered_at,
    (SELECT max(at) FROM site_confirmation WHERE what = 'backup') AS backup_at
"""
)
