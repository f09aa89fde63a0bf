"""A call moves as its state machine says, and is held only with a lease; reports are only ever added to."""

from __future__ import annotations

from alembic import op

revision = "0019b"
down_revision = "0019"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

_CHECKS = (
    """
    ALTER TABLE call_item ADD CONSTRAINT ck_call_item_leased_to_somebody
    CHECK ((state = 'leased') = (leased_by IS NOT NULL AND lease_until IS NOT NULL))
    """,
    """
    ALTER TABLE call_item ADD CONSTRAINT ck_call_item_ended_with_result
    CHECK (state NOT IN ('done', 'given_up', 'escalated') OR (result IS NOT NULL AND ended_at IS NOT NULL))
    """,
)

# The state machine is calls/item.py; this is the lock on its door.
_GUARD = (
    """
    CREATE FUNCTION refuse_call_transition() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'call %: % does not become %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'call_transition', TABLE = 'call_item';
    END
    $$
    """,
    """
    CREATE TRIGGER call_transition BEFORE UPDATE OF state ON call_item FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state
          AND (OLD.state IN ('done', 'given_up', 'escalated')
               OR (OLD.state = 'missed' AND NEW.state NOT IN ('leased', 'open'))
               OR (OLD.state = 'leased' AND NEW.state = 'missed')))
    EXECUTE FUNCTION refuse_call_transition()
    """,
)


def upgrade() -> None:
    for statement in (*_CHECKS, *_GUARD):
        op.execute(statement)
    op.execute("REVOKE UPDATE, DELETE, TRUNCATE ON call_attempt FROM callcenter_server")
