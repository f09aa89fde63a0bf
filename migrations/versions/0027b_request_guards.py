"""An incident changes its class in one way only: a request for service that is open becomes an alarm."""

from __future__ import annotations

from alembic import op

revision = "0027b"
down_revision = "0027"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

# `RAISED` in alerts/incident.py is the table.
_GUARD = (
    """
    CREATE FUNCTION refuse_incident_class() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'incident %: % does not become %', OLD.number, OLD.class, NEW.class
            USING ERRCODE = 'check_violation', CONSTRAINT = 'incident_class', TABLE = 'incident';
    END
    $$
    """,
    """
    CREATE TRIGGER incident_class BEFORE UPDATE OF class ON incident FOR EACH ROW
    WHEN (OLD.class IS DISTINCT FROM NEW.class
          AND NOT (OLD.class = 'service' AND NEW.class = 'alarm' AND OLD.state <> 'closed'))
    EXECUTE FUNCTION refuse_incident_class()
    """,
)


def upgrade() -> None:
    for statement in _GUARD:
        op.execute(statement)
