"""Nothing of an open incident expires, whoever asks; what was heard by whom is not taken back."""

from __future__ import annotations

from alembic import op

revision = "0068b"
down_revision = "0068"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

_GUARDS = (
    """
    CREATE FUNCTION refuse_expiry_of_open_incident() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (
            SELECT FROM call JOIN incident ON incident.id = call.incident_id
            WHERE call.id = NEW.call_id AND incident.state <> 'closed'
        ) THEN
            RAISE EXCEPTION 'recording % belongs to an open incident', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
        END IF;
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER recording_expiry BEFORE UPDATE OF state ON recording FOR EACH ROW
    WHEN (NEW.state = 'expired' AND OLD.state <> 'expired')
    EXECUTE FUNCTION refuse_expiry_of_open_incident()
    """,
    "REVOKE UPDATE, DELETE, TRUNCATE ON recording_listening FROM callcenter_server",
    "GRANT UPDATE (heard_at) ON recording_listening TO callcenter_server",
)


def upgrade() -> None:
    for statement in _GUARDS:
        op.execute(statement)
