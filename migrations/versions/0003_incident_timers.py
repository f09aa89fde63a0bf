"""Timers of incidents as rows, and the name of who had an incident before as `taken_from`."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incident_timer",
        sa.Column("incident_id", sa.UUID(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('unseen', 'taker_gone')", name=op.f("ck_incident_timer_kind_known")
        ),
        sa.PrimaryKeyConstraint("incident_id", "kind", name=op.f("pk_incident_timer")),
    )
    # What is open is watched from now on, as alerts.timers.timer_of says.
    op.execute(
        """
        INSERT INTO incident_timer (incident_id, kind)
        SELECT id, CASE state WHEN 'taken' THEN 'taker_gone' ELSE 'unseen' END FROM incident
        WHERE state = 'taken' OR (state = 'waiting' AND class = 'alarm' AND NOT 'duty_told' = ANY(marks))
        """
    )
    op.execute(
        """
        UPDATE timeline_entry SET data = data - 'from' || jsonb_build_object('taken_from', data -> 'from')
        WHERE kind = 'taken' AND data ? 'from'
        """
    )
