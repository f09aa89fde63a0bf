"""Requests for service: by when whoever asks is to be called back, what is wanted, how it ends; and waits of plans that are over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026b"
branch_labels = None
depends_on = None

_TIMERS = "kind IN ('untaken', 'taker_gone', 'follow_up', 'contact_silent', 'request', 'plan_wait')"
_OUTCOMES = (
    "outcome IN ('emergency', 'assistance', 'mistaken_press', 'false_alarm', 'test', 'technical',"
    " 'nobody_reached', 'service_done', 'service_not_done')"
)
_WANTED = "wanted IN ('housekeeping', 'meal', 'repair', 'medicine', 'errand', 'chat', 'other')"
_SERVED = "outcome NOT IN ('service_done', 'service_not_done') OR (class = 'service' AND wanted IS NOT NULL)"


def upgrade() -> None:
    op.add_column("region", sa.Column("service_due_s", sa.BigInteger, nullable=True))
    op.create_check_constraint(
        op.f("ck_region_service_due_s_known"), "region", "service_due_s BETWEEN 60 AND 86400"
    )
    op.add_column("incident", sa.Column("call_back_by", sa.DateTime(timezone=True), nullable=True))
    op.add_column("incident", sa.Column("wanted", sa.Text, nullable=True))
    op.execute(
        "UPDATE incident SET call_back_by = opened_at + interval '10 minutes'"
        " WHERE class = 'service' AND state <> 'closed'"
    )
    for name, rule in (
        ("wanted_known", _WANTED),
        ("request_calls_nobody", "class <> 'service' OR escalated = 0"),
        ("request_has_its_time", "class = 'service' OR call_back_by IS NULL"),
        ("served_as_wanted", _SERVED),
    ):
        op.create_check_constraint(op.f(f"ck_incident_{name}"), "incident", rule)
    for table, column, rule in (
        ("incident", "outcome", _OUTCOMES),
        ("incident_timer", "kind", _TIMERS),
    ):
        op.drop_constraint(f"ck_{table}_{column}_known", table)
        op.create_check_constraint(op.f(f"ck_{table}_{column}_known"), table, rule)
    op.execute(
        "INSERT INTO incident_timer (incident_id, kind, since, due_at)"
        " SELECT id, 'request', clock_timestamp(), call_back_by"
        " FROM incident WHERE class = 'service' AND state = 'waiting' AND mode <> 'test'"
    )
