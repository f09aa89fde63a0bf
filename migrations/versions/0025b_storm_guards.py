"""The change marks of storms, and an order that moves as its state machine says: what was taken back never begins."""

from __future__ import annotations

from alembic import op

revision = "0025b"
down_revision = "0025"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

VERSIONED = ("storm",)

# The state machine is alerts/storms/ordering.py; this is the lock on its door.
_GUARD = (
    """
    CREATE FUNCTION refuse_storm_order_transition() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'order %: % does not become %', OLD.id, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'storm_order_transition', TABLE = 'storm_order';
    END
    $$
    """,
    """
    CREATE TRIGGER storm_order_transition BEFORE UPDATE OF state ON storm_order FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state
          AND (OLD.state IN ('done', 'taken_back', 'lapsed')
               OR (OLD.state = 'waiting' AND NEW.state = 'done')
               OR (OLD.state = 'running' AND NEW.state <> 'done')))
    EXECUTE FUNCTION refuse_storm_order_transition()
    """,
    """
    ALTER TABLE storm_order ADD CONSTRAINT ck_storm_order_closed_with_outcome
    CHECK ((action = 'close') = (outcome IS NOT NULL) AND (action = 'take' OR note <> ''))
    """,
)


def upgrade() -> None:
    for table in VERSIONED:
        op.execute(
            f"CREATE TRIGGER touch_changed_xid BEFORE UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION touch_changed_xid()"
        )
    for statement in _GUARD:
        op.execute(statement)
    op.execute("REVOKE DELETE, TRUNCATE ON storm, storm_order FROM callcenter_server")
