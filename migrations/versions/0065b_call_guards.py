"""A call moves as its table of states says, a red one has its incident, a held recording stays, and nothing of them is deleted by the server."""

from __future__ import annotations

from alembic import op

revision = "0065b"
down_revision = "0065"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

_GUARDS = (
    """
    CREATE FUNCTION refuse_hotline_transition() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a row of % in state % cannot become %', TG_TABLE_NAME, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END
    $$
    """,
    # Rows are written some moments after the calls: one may have passed through several states meanwhile. What has ended stays so.
    """
    CREATE TRIGGER call_transition BEFORE UPDATE OF state ON call FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND (OLD.state = 'ended' OR NEW.state = 'ringing'))
    EXECUTE FUNCTION refuse_hotline_transition()
    """,
    """
    CREATE TRIGGER voice_call_transition BEFORE UPDATE OF state ON voice_call FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND OLD.state NOT IN ('due', 'ringing'))
    EXECUTE FUNCTION refuse_hotline_transition()
    """,
    """
    CREATE TRIGGER recording_transition BEFORE UPDATE OF state ON recording FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND (
        OLD.state = 'expired' OR OLD.state = 'held' AND NEW.state = 'expired' OR NEW.state = 'recording'
    ))
    EXECUTE FUNCTION refuse_hotline_transition()
    """,
    "REVOKE DELETE, TRUNCATE ON line, number_rule, disposition, call, call_leg, recording, voice_call FROM callcenter_server",
)


def upgrade() -> None:
    for statement in _GUARDS:
        op.execute(statement)
