"""Change marks of what is new on the board; emergency access is never rewritten, opened again or taken out of the list."""

from __future__ import annotations

from alembic import op

revision = "0028b"
down_revision = "0028"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

VERSIONED = ("announcement", "emergency_access")

_GUARD = (
    """
    CREATE FUNCTION refuse_emergency_access() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'emergency access % is not rewritten', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'emergency_access_stands', TABLE = 'emergency_access';
    END
    $$
    """,
    """
    CREATE TRIGGER emergency_access_stands BEFORE UPDATE ON emergency_access FOR EACH ROW
    WHEN ((OLD.user_id, OLD.user_name, OLD.subject, OLD.label, OLD.region_path, OLD.reason, OLD.opened_at)
              IS DISTINCT FROM
          (NEW.user_id, NEW.user_name, NEW.subject, NEW.label, NEW.region_path, NEW.reason, NEW.opened_at)
          OR OLD.ended_at IS NOT NULL)
    EXECUTE FUNCTION refuse_emergency_access()
    """,
    "REVOKE DELETE, TRUNCATE ON emergency_access, announcement FROM callcenter_server",
)


def upgrade() -> None:
    for table in VERSIONED:
        op.execute(
            f"CREATE TRIGGER touch_changed_xid BEFORE UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION touch_changed_xid()"
        )
    for statement in _GUARD:
        op.execute(statement)
