"""A forwarding moves as its table of states says, ends once, is accepted once, and is not deleted by the server."""

from __future__ import annotations

from alembic import op

revision = "0049b"
down_revision = "0049"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

_GUARDS = (
    """
    CREATE FUNCTION refuse_forwarding_transition() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a forwarding in state % cannot become %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'forwarding_transition';
    END
    $$
    """,
    """
    CREATE TRIGGER forwarding_transition BEFORE UPDATE ON forwarding FOR EACH ROW
    WHEN (
        (OLD.state IS DISTINCT FROM NEW.state AND (OLD.state, NEW.state) NOT IN (
            ('waiting', 'expired'), ('waiting', 'sending'),
            ('sending', 'delivered'), ('sending', 'expired'), ('sending', 'refused'), ('sending', 'unknown'), ('sending', 'waiting'),
            ('unknown', 'sending')
        ))
        OR (OLD.settled_at IS NOT NULL AND (NEW.state, NEW.settled_at) IS DISTINCT FROM (OLD.state, OLD.settled_at))
        OR (OLD.accepted_at IS NOT NULL AND (NEW.accepted_at, NEW.accepted_by, NEW.accepted_how)
            IS DISTINCT FROM (OLD.accepted_at, OLD.accepted_by, OLD.accepted_how))
    )
    EXECUTE FUNCTION refuse_forwarding_transition()
    """,
    "REVOKE DELETE, TRUNCATE ON forwarding FROM callcenter_server",
)


def upgrade() -> None:
    for statement in _GUARDS:
        op.execute(statement)
