"""Who is called to an alarm that nobody takes, how far that has gone, and when to call again whoever is followed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)

_TIMERS = (
    "ALTER TABLE incident_timer DROP CONSTRAINT ck_incident_timer_kind_known",
    "DELETE FROM incident_timer",
    "ALTER TABLE incident_timer DROP COLUMN looked_at",
    """
    ALTER TABLE incident_timer ADD CONSTRAINT ck_incident_timer_kind_known
    CHECK (kind IN ('untaken', 'taker_gone', 'follow_up'))
    """,
    """
    INSERT INTO incident_timer (incident_id, kind, since, due_at)
    SELECT id, CASE state WHEN 'taken' THEN 'taker_gone' WHEN 'following' THEN 'follow_up' ELSE 'untaken' END,
           clock_timestamp(), CASE state WHEN 'taken' THEN NULL WHEN 'following' THEN follow_due_at ELSE clock_timestamp() END
    FROM incident WHERE state IN ('taken', 'following') OR (state = 'waiting' AND class = 'alarm')
    """,
)


def upgrade() -> None:
    op.add_column("region", sa.Column("escalation", postgresql.JSONB, nullable=True))
    op.add_column(
        "incident",
        sa.Column(
            "ring_to", sa.ARRAY(sa.BigInteger), server_default=sa.text("'{}'"), nullable=False
        ),
    )
    op.add_column(
        "incident",
        sa.Column("escalated", sa.BigInteger, server_default=sa.text("0"), nullable=False),
    )
    op.add_column("incident", sa.Column("follow_due_at", _TIME, nullable=True))
    op.execute(
        "UPDATE incident SET follow_due_at = clock_timestamp() + interval '20 minutes' WHERE state = 'following'"
    )
    op.add_column("incident_timer", sa.Column("since", _TIME, nullable=True))
    op.add_column("incident_timer", sa.Column("missing_since", _TIME, nullable=True))
    op.create_table(
        "incident_watch",
        sa.Column("id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("looked_at", _TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_watch")),
    )
    op.execute("INSERT INTO incident_watch (id, looked_at) VALUES (1, clock_timestamp())")
    op.add_column(
        "seat_presence",
        sa.Column(
            "supervised_ids",
            sa.ARRAY(sa.BigInteger),
            server_default=sa.text("'{}'"),
            nullable=False,
        ),
    )
    for statement in _TIMERS:
        op.execute(statement)
    op.create_index("ix_incident_timer_due", "incident_timer", ["due_at"])
