"""What somebody has filed is changed by filing it anew alone, words about calls are only added to, and a call learns of its incident."""

from __future__ import annotations

from alembic import op

revision = "0069b"
down_revision = "0069"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

_GUARDS = (
    # The alarm process writes a call some moments after it has changed, with whom it knew then, and raises `version` each time.
    """
    CREATE FUNCTION keep_what_was_filed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.disposition := OLD.disposition;
        NEW.filed_at := OLD.filed_at;
        NEW.filed_by := OLD.filed_by;
        NEW.note := OLD.note;
        NEW.home_id := OLD.home_id;
        NEW.resident_id := OLD.resident_id;
        NEW.contact_id := OLD.contact_id;
        NEW.staff_id := OLD.staff_id;
        NEW.organisation_id := OLD.organisation_id;
        NEW.task_id := coalesce(NEW.task_id, OLD.task_id);
        NEW.incident_id := coalesce(NEW.incident_id, OLD.incident_id);
        RETURN NEW;
    END
    $$
    """,
    """
    CREATE TRIGGER call_keeps_what_was_filed BEFORE UPDATE ON call FOR EACH ROW
    WHEN (OLD.filings > 0 AND NEW.filings = OLD.filings AND NEW.version <> OLD.version)
    EXECUTE FUNCTION keep_what_was_filed()
    """,
    """
    CREATE FUNCTION refuse_fewer_filings() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'call % was filed % times, which cannot become %', OLD.id, OLD.filings, NEW.filings
            USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
    END
    $$
    """,
    """
    CREATE TRIGGER call_filings_grow BEFORE UPDATE OF filings ON call FOR EACH ROW
    WHEN (NEW.filings < OLD.filings OR NEW.filings > OLD.filings AND NEW.disposition IS NULL)
    EXECUTE FUNCTION refuse_fewer_filings()
    """,
    """
    CREATE FUNCTION tell_call_of_incident() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE call SET incident_id = NEW.incident_id WHERE id = NEW.call_id AND incident_id IS NULL;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER call_signal_tells_its_call AFTER UPDATE OF incident_id ON call_signal FOR EACH ROW
    WHEN (NEW.call_id IS NOT NULL AND NEW.incident_id IS NOT NULL)
    EXECUTE FUNCTION tell_call_of_incident()
    """,
    "REVOKE UPDATE, DELETE, TRUNCATE ON call_filing, hotline_case_step, hotline_card_version FROM callcenter_server",
    "REVOKE DELETE, TRUNCATE ON hotline_case FROM callcenter_server",
)


def upgrade() -> None:
    for statement in _GUARDS:
        op.execute(statement)
