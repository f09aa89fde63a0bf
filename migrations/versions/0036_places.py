"""Residents gain disability and party membership; homes are found by where they lie on the map."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035b"
branch_labels = None
depends_on = None

_COPY_OF_DISABILITY = """
UPDATE resident SET disability = fact.value, disability_level = fact.level
FROM resident_fact AS fact
WHERE fact.resident_id = resident.id AND fact.kind = 'disability' AND fact.withdrawn_at IS NULL
  AND fact.from_day <= current_date AND (fact.until_day IS NULL OR fact.until_day > current_date)
"""
_COPY_OF_MEMBERSHIP = """
UPDATE resident SET party_joined_on = fact.from_day
FROM resident_fact AS fact
WHERE fact.resident_id = resident.id AND fact.kind = 'party_member' AND fact.withdrawn_at IS NULL
  AND fact.from_day <= current_date AND (fact.until_day IS NULL OR fact.until_day > current_date)
"""
_RETIRED = """
INSERT INTO resident_fact (resident_id, kind, value, from_day, source)
SELECT id, 'retiree', 'retired', retired_on, 'migration' FROM resident
WHERE retired_on IS NOT NULL
  AND NOT EXISTS (SELECT FROM resident_fact AS fact
                  WHERE fact.resident_id = resident.id AND fact.kind = 'retiree' AND fact.withdrawn_at IS NULL)
"""


def upgrade() -> None:
    op.add_column("resident", sa.Column("disability", sa.Text))
    op.add_column(
        "resident",
        sa.Column("disability_level", sa.Text, nullable=False, server_default=sa.text("''")),
    )
    op.add_column("resident", sa.Column("party_joined_on", sa.Date))
    op.create_index("ix_home_place", "home", ["lat", "lng"])
    for statement in (_COPY_OF_DISABILITY, _COPY_OF_MEMBERSHIP, _RETIRED):
        op.execute(statement)
