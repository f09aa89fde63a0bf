"""Nobody has two shifts at once."""

from __future__ import annotations

from alembic import op

revision = "0051b"
down_revision = "0051"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""


def upgrade() -> None:
    op.execute(
        "ALTER TABLE roster_shift ADD CONSTRAINT ex_roster_shift_at_once"
        " EXCLUDE USING gist (staff_id WITH =, tstzrange(begins_at, ends_at) WITH &&)"
    )
