"""A run closes when each of its stops has an end, a stop moves as its table of states says, and what was said at a door stays said."""

from __future__ import annotations

from alembic import op

revision = "0056b"
down_revision = "0056"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

_GUARDS = (
    """
    CREATE FUNCTION refuse_round_transition() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'a row of % in state % cannot become %', TG_TABLE_NAME, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END
    $$
    """,
    """
    CREATE TRIGGER round_run_transition BEFORE UPDATE OF state ON round_run FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('planned', 'running'), ('planned', 'closed'), ('running', 'closed')
    ))
    EXECUTE FUNCTION refuse_round_transition()
    """,
    # Back to pending only by the records, which know somebody to be away no longer.
    """
    CREATE TRIGGER round_visit_transition BEFORE UPDATE OF state ON round_visit FOR EACH ROW
    WHEN (OLD.state <> NEW.state AND (
        NEW.state = 'pending' AND (OLD.state <> 'away_known' OR OLD.said_at IS NOT NULL)
        OR NEW.state = 'missed' AND OLD.state <> 'pending'
        OR OLD.state <> 'pending' AND NEW.state <> 'pending' AND NEW.said_at IS NULL
    ))
    EXECUTE FUNCTION refuse_round_transition()
    """,
    """
    CREATE FUNCTION refuse_open_stops() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT FROM round_visit WHERE run_id = NEW.id AND state = 'pending') THEN
            RAISE EXCEPTION 'run % has stops without an end', NEW.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'round_run_closes_with_ends';
        END IF;
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER round_run_closes_with_ends BEFORE UPDATE OF state ON round_run FOR EACH ROW
    WHEN (NEW.state = 'closed' AND OLD.state <> 'closed') EXECUTE FUNCTION refuse_open_stops()
    """,
    # Its run is held, so that it cannot close meanwhile.
    """
    CREATE FUNCTION refuse_pending_in_closed_run() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (SELECT state FROM round_run WHERE id = NEW.run_id FOR SHARE) = 'closed' THEN
            RAISE EXCEPTION 'run % is closed', NEW.run_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'round_visit_in_open_run';
        END IF;
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER round_visit_in_open_run BEFORE INSERT OR UPDATE OF state, run_id ON round_visit FOR EACH ROW
    WHEN (NEW.state = 'pending') EXECUTE FUNCTION refuse_pending_in_closed_run()
    """,
    "REVOKE UPDATE, DELETE, TRUNCATE ON round_check, pair_tick FROM callcenter_server",
    "REVOKE DELETE, TRUNCATE ON round, round_stop, round_run, pair, ride FROM callcenter_server",
    # As 0029b has it, with the list of doors, for which it is never too late either.
    """
    CREATE OR REPLACE FUNCTION call_policies_hold(said jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
        SELECT jsonb_typeof(said) = 'object' AND NOT EXISTS (
            SELECT FROM jsonb_each(said) AS one(kind, policy)
            WHERE (
                kind IN ('roll_call', 'door', 'well_being', 'silent_device', 'low_battery', 'press_test', 'idle_device')
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
)


def upgrade() -> None:
    for statement in _GUARDS:
        op.execute(statement)
