"""What of calls is append-only goes by its age through these alone, each of which says once more what must be over."""

from __future__ import annotations

from alembic import op

revision = "0075b"
down_revision = "0075"
branch_labels = None
depends_on = None

BEYOND_MODELS = True
"""The models cannot say this; the comparison of schemas runs it on top of them."""

_CALLS = """
CREATE FUNCTION forget_calls(keys uuid[]) RETURNS SETOF uuid LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    old uuid[];
BEGIN
    SELECT array_agg(one.id) INTO old FROM call AS one
    WHERE one.id = ANY(keys) AND one.state = 'ended' AND one.ended_at < clock_timestamp() - interval '365 days'
    AND (one.direction = 'out' OR one.disposition IS NOT NULL)
    AND NOT EXISTS (SELECT FROM hotline_case WHERE call_id = one.id AND state = 'open')
    AND NOT EXISTS (SELECT FROM recording WHERE call_id = one.id AND removed_at IS NULL)
    AND (one.incident_id IS NULL
        OR (SELECT incident.state FROM incident WHERE incident.id = one.incident_id) = 'closed'
        AND (SELECT entry.number FROM timeline_entry AS entry WHERE entry.incident_id = one.incident_id LIMIT 1) IS NULL);
    DELETE FROM recording_listening USING recording WHERE recording.id = recording_id AND recording.call_id = ANY(old);
    DELETE FROM recording WHERE call_id = ANY(old);
    DELETE FROM hotline_case_step USING hotline_case WHERE hotline_case.id = case_id AND hotline_case.call_id = ANY(old);
    DELETE FROM hotline_case WHERE call_id = ANY(old);
    UPDATE call_filing SET note = '', home_id = NULL, resident_id = NULL, contact_id = NULL, staff_id = NULL, organisation_id = NULL,
        opened_id = NULL WHERE call_id = ANY(old);
    UPDATE call_leg SET number = '' WHERE call_id = ANY(old);
    RETURN QUERY UPDATE call SET is_forgotten = true, caller_raw = '', caller_e164 = NULL, matches = 0, home_id = NULL, resident_id = NULL,
        contact_id = NULL, staff_id = NULL, organisation_id = NULL, device_id = NULL, note = '', worked_off_reason = ''
        WHERE id = ANY(old) RETURNING id;
END
$$
"""

_RECORDINGS = """
CREATE FUNCTION take_unknown_recordings(keys bigint[]) RETURNS SETOF bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    old bigint[];
BEGIN
    SELECT array_agg(one.id) INTO old FROM recording AS one
    WHERE one.id = ANY(keys) AND one.call_id IS NULL AND one.removed_at IS NOT NULL
    AND one.recorded_at < clock_timestamp() - interval '365 days';
    DELETE FROM recording_listening WHERE recording_id = ANY(old);
    RETURN QUERY DELETE FROM recording WHERE id = ANY(old) RETURNING id;
END
$$
"""

_FUNCTIONS = "forget_calls(uuid[]), take_unknown_recordings(bigint[])"

_RIGHTS = (
    f"REVOKE EXECUTE ON FUNCTION {_FUNCTIONS} FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION {_FUNCTIONS} TO callcenter_server",
)


def upgrade() -> None:
    for statement in (_CALLS, _RECORDINGS, *_RIGHTS):
        op.execute(statement)
