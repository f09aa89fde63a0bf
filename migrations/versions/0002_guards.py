"""What the tables alone cannot say: change marks, guards of the incident, storage, the server's rights."""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

VERSIONED = (
    "contact",
    "device",
    "home",
    "incident",
    "resident",
    "sms_message",
    "source",
)

_CHANGE_MARKS = """
CREATE FUNCTION touch_changed_xid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.changed_xid := pg_current_xact_id();
    RETURN NEW;
END
$$
"""

_INCIDENT_CHECKS = (
    # G9: no close without an outcome, no emergency closed without a confirmed "safe".
    """
    ALTER TABLE incident ADD CONSTRAINT ck_incident_closed_with_outcome
    CHECK (state <> 'closed' OR (outcome IS NOT NULL AND closed_at IS NOT NULL))
    """,
    """
    ALTER TABLE incident ADD CONSTRAINT ck_incident_emergency_closed_safe
    CHECK (state <> 'closed' OR outcome <> 'emergency'
           OR (coalesce(safe_by, '') <> '' AND coalesce(safe_where, '') <> ''))
    """,
    """
    ALTER TABLE incident ADD CONSTRAINT ck_incident_taken_by_somebody
    CHECK (state NOT IN ('taken', 'following') OR taken_by IS NOT NULL)
    """,
)

# The state machine is alerts/incident.py; this is the lock on its door. Nothing leaves `closed`, and out of `waiting`
# leads only taking it. The function runs only for a forbidden change, so an allowed one costs a comparison.
_INCIDENT_GUARD = (
    """
    CREATE FUNCTION refuse_incident_transition() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'incident %: % does not become %', OLD.number, OLD.state, NEW.state
            USING ERRCODE = 'check_violation', CONSTRAINT = 'incident_transition', TABLE = 'incident';
    END
    $$
    """,
    """
    CREATE TRIGGER incident_transition BEFORE UPDATE OF state ON incident FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state
          AND (OLD.state = 'closed' OR (OLD.state = 'waiting' AND NEW.state <> 'taken')))
    EXECUTE FUNCTION refuse_incident_transition()
    """,
)

# Rows that are rewritten all day: vacuum early and in small bites, leave room on the page for the next version.
_STORAGE = (
    """
    ALTER TABLE incident SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)
    """,
    """
    ALTER TABLE sms_message SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)
    """,
    "ALTER TABLE signal_dedup SET (autovacuum_vacuum_scale_factor = 0.05)",
    """
    ALTER TABLE device_last_seen SET
    (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0)
    """,
    """
    ALTER TABLE seat_presence SET
    (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)
    """,
)

# The role is one for all databases of a cluster, so it may be there already.
_SERVER_ROLE = (
    """
    DO $$
    BEGIN
        CREATE ROLE callcenter_server NOLOGIN;
    EXCEPTION
        WHEN duplicate_object OR unique_violation THEN NULL;
    END
    $$
    """,
    """
    DO $$
    BEGIN
        GRANT callcenter_server TO CURRENT_USER;
    EXCEPTION
        WHEN insufficient_privilege THEN
            IF NOT pg_has_role(current_user, 'callcenter_server', 'MEMBER') THEN
                RAISE;
            END IF;
    END
    $$
    """,
    "GRANT USAGE ON SCHEMA public TO callcenter_server",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO callcenter_server",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO callcenter_server",
    """
    ALTER DEFAULT PRIVILEGES IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO callcenter_server
    """,
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO callcenter_server",
    "REVOKE UPDATE, DELETE ON journal, audit_entry FROM callcenter_server",
    "REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM callcenter_server",
)


def upgrade() -> None:
    op.execute(_CHANGE_MARKS)
    for table in VERSIONED:
        op.execute(
            f"CREATE TRIGGER touch_changed_xid BEFORE UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION touch_changed_xid()"
        )
    for statement in (
        *_INCIDENT_CHECKS,
        *_INCIDENT_GUARD,
        *_STORAGE,
        *_SERVER_ROLE,
    ):
        op.execute(statement)
