"""Out of waiting leads only taking it; for a drill that its exercise is over, and for an unknown caller that it is part of another."""

from __future__ import annotations

from alembic import op

revision = "0039b"
down_revision = "0039"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

_MERGED = (
    "DROP TRIGGER incident_transition ON incident",
    """
    CREATE TRIGGER incident_transition BEFORE UPDATE OF state ON incident FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state
          AND (OLD.state = 'closed'
               OR (OLD.state = 'waiting' AND NEW.state <> 'taken'
                   AND NOT (OLD.mode = 'drill' AND NEW.state = 'closed')
                   AND NOT (OLD.mode <> 'drill' AND OLD.home_id IS NULL
                            AND NEW.state = 'closed' AND NEW.outcome IS NOT DISTINCT FROM 'part_of_other'))
               OR (OLD.state <> 'waiting' AND NEW.outcome IS NOT DISTINCT FROM 'part_of_other')))
    EXECUTE FUNCTION refuse_incident_transition()
    """,
)


def upgrade() -> None:
    for statement in _MERGED:
        op.execute(statement)
