"""Guards: an alarm may be taken by a duty phone, and what is followed has a time."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

# A duty phone that answers takes an alarm, and is no user.
_TAKEN = (
    "ALTER TABLE incident DROP CONSTRAINT ck_incident_taken_by_somebody",
    """
    ALTER TABLE incident ADD CONSTRAINT ck_incident_taken_by_somebody
    CHECK (state NOT IN ('taken', 'following') OR taken_by IS NOT NULL OR taken_by_name IS NOT NULL)
    """,
    """
    ALTER TABLE incident ADD CONSTRAINT ck_incident_followed_until
    CHECK (state <> 'following' OR follow_due_at IS NOT NULL)
    """,
)


def upgrade() -> None:
    for statement in _TAKEN:
        op.execute(statement)
