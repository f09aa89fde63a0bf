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
    # As 0056b has it, with lists that are made once, of everybody in a region.
    """
    CREATE OR REPLACE FUNCTION call_policies_hold(said jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
        SELECT jsonb_typeof(said) = 'object' AND NOT EXISTS (
            SELECT FROM jsonb_each(said) AS one(kind, policy)
            WHERE (
                kind IN ('roll_call', 'door', 'well_being', 'silent_device', 'low_battery', 'press_test', 'idle_device', 'satisfaction', 'notice')
                AND jsonb_path_match(policy, 'strict $.pauses_min.type() == "array" && $.pauses_min.size() >= 1
                    && $.pauses_min.size() <= 5', silent => true)
                AND NOT jsonb_path_exists(policy, '$.pauses_min[*] ? (@.type() != "number" || @ < 5 || @ > 10080)')
                AND CASE WHEN kind IN ('roll_call', 'door') THEN jsonb_typeof(policy->'horizon_min') = 'null'
                    ELSE jsonb_path_match(policy, 'strict $.horizon_min >= 30 && $.horizon_min <= 40320', silent => true) END
                AND CASE WHEN kind IN ('silent_device', 'idle_device')
                    THEN jsonb_path_match(policy, 'strict $.after >= 2 && $.after <= 1000', silent => true)
                    ELSE jsonb_typeof(policy->'after') = 'null' END
            ) IS NOT TRUE
        )
    $$
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
