"""How an attempt ended stays so, and no call that was rung is deleted by the server."""

from __future__ import annotations

from alembic import op

revision = "0071b"
down_revision = "0071"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

_GUARDS = (
    """
    CREATE TRIGGER voice_attempt_ended BEFORE UPDATE OF outcome, pressed, ended_at ON voice_attempt FOR EACH ROW
    WHEN (OLD.outcome IS NOT NULL AND OLD.outcome <> 'lost' AND (OLD.outcome, OLD.pressed) IS DISTINCT FROM (NEW.outcome, NEW.pressed))
    EXECUTE FUNCTION refuse_voice_attempt_change()
    """,
    "REVOKE DELETE, TRUNCATE ON voice_attempt FROM callcenter_server",
)
_REFUSE = """
CREATE FUNCTION refuse_voice_attempt_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'attempt % of voice call % has ended as %', OLD.n, OLD.voice_call_id, OLD.outcome
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END
$$
"""


def upgrade() -> None:
    for statement in (_REFUSE, *_GUARDS):
        op.execute(statement)
