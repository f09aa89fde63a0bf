"""What a region says of its call lists is whole: every kind with its pauses, its horizon and its threshold, within bounds."""

from __future__ import annotations

from alembic import op

revision = "0029b"
down_revision = "0029"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

# The bounds of each kind are calls/policy.py; these hold for all of them. What is of another type is no number, and no number is refused.
_HOLDS = """
CREATE FUNCTION call_policies_hold(said jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_typeof(said) = 'object' AND NOT EXISTS (
        SELECT FROM jsonb_each(said) AS one(kind, policy)
        WHERE (
            kind IN ('roll_call', 'well_being', 'silent_device', 'low_battery', 'press_test', 'idle_device')
            AND jsonb_path_match(policy, 'strict $.pauses_min.type() == "array" && $.pauses_min.size() >= 1
                && $.pauses_min.size() <= 5', silent => true)
            AND NOT jsonb_path_exists(policy, '$.pauses_min[*] ? (@.type() != "number" || @ < 5 || @ > 10080)')
            AND CASE kind WHEN 'roll_call' THEN jsonb_typeof(policy->'horizon_min') = 'null'
                ELSE jsonb_path_match(policy, 'strict $.horizon_min >= 30 && $.horizon_min <= 40320', silent => true) END
            AND CASE WHEN kind IN ('silent_device', 'idle_device')
                THEN jsonb_path_match(policy, 'strict $.after >= 2 && $.after <= 1000', silent => true)
                ELSE jsonb_typeof(policy->'after') = 'null' END
        ) IS NOT TRUE
    )
$$
"""


def upgrade() -> None:
    op.execute(_HOLDS)
    op.execute(
        "ALTER TABLE region ADD CONSTRAINT ck_region_call_policies_whole CHECK (call_policies_hold(call_policies))"
    )
