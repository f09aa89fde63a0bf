"""An unknown caller who turns out to be of a home whose alarm is open ends as part of that one."""

from __future__ import annotations

from alembic import op

revision = "0039"
down_revision = "0038b"
branch_labels = None
depends_on = None

_OUTCOMES = (
    "outcome IN ('emergency', 'assistance', 'mistaken_press', 'false_alarm', 'test', 'technical',"
    " 'nobody_reached', 'service_done', 'service_not_done', 'part_of_other')"
)


def upgrade() -> None:
    op.drop_constraint("ck_incident_outcome_known", "incident")
    op.create_check_constraint(op.f("ck_incident_outcome_known"), "incident", _OUTCOMES)
    op.create_check_constraint(
        op.f("ck_incident_part_of_other_had_no_home"),
        "incident",
        "outcome <> 'part_of_other' OR home_id IS NULL",
    )
