"""Every source file has its test file at the mirrored path, or stands here with the reason why not."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).parent
SOURCE = TESTS.parent / "src" / "callcenter"

ELSEWHERE = {
    "alerts/arriving/storable.py": "tests/alerts/arriving/test_intake.py: whatever a device writes is stored",
    "alerts/arriving/waiting.py": "tests/alerts/arriving/test_intake.py and test_writers.py; tests/alerts/test_every_outage.py",
    "alerts/forwarding/finding.py": "tests/forwarding/test_sender.py: each kind of rule",
    "alerts/forwarding/judging.py": "tests/forwarding/test_sender.py: each kind of rule",
    "alerts/forwarding/router.py": "tests/forwarding/test_sender.py and test_two_centres.py, by its addresses",
    "alerts/handling/forwarded.py": "tests/forwarding/test_sender.py: by hand, and accepted by telephone",
    "alerts/handling/remembering.py": "tests/alerts/handling/test_away.py and test_watching_away.py; tests/alerts/test_every_outage.py",
    "auth/outage/keeping.py": "tests/auth/outage/test_door.py; tests/faults/test_log_in_without_database.py kills and starts it again",
    "auth/outage/router.py": "tests/faults/test_log_in_without_database.py, by its addresses, with a whole server",
    "auth/outage/writing.py": "tests/faults/test_log_in_without_database.py: what is in the trail and the tables afterwards",
    "backups/archive.py": "tests/backups/test_copying.py; tests/cli/test_copies.py damages what it wrote",
    "backups/drilling.py": "tests/cli/test_copies.py",
    "backups/manifest.py": "tests/backups/test_copying.py; tests/cli/test_copies.py",
    "backups/programs.py": "tests/cli/test_copies.py runs them",
    "backups/restoring.py": "tests/cli/test_copies.py; tests/faults/test_restored.py",
    "backups/state.py": "tests/cli/test_copies.py: rows and chains of the manifest",
    "cli/copying.py": "tests/cli/test_copies.py",
    "cli/restoring.py": "tests/cli/test_copies.py",
    "core/data_folder.py": "names of files; whoever writes or reads them has tests",
    "core/last_copy.py": "tests/cli/test_copies.py and tests/backups/test_daily.py read what it notes",
    "forwarding/accepting.py": "tests/forwarding/test_two_centres.py: signed, and forged",
    "forwarding/bodies.py": "what people send; tests/forwarding/test_router.py",
    "forwarding/claiming.py": "tests/forwarding/test_sender.py and test_course.py",
    "alerts/handling/known_forwards.py": "tests/alerts/forwarding/test_without_database.py",
    "forwarding/flown.py": "tests/alerts/forwarding/test_without_database.py: an office that sends, dies and is not there",
    "demo/community/other_centre.py": "tests/e2e/test_demo_script.py: an alarm is given to it",
    "demo/devices/other_centre.py": "tests/e2e/test_demo_script.py: an alarm is given to it",
    "forwarding/keeping.py": "tests/forwarding/test_router.py, by its addresses",
    "dispatch/doing.py": "who and by what; tests/dispatch/test_moving.py",
    "dispatch/hints.py": "the name of a channel",
    "dispatch/desk/acting.py": "tests/dispatch/desk/test_router.py, by its addresses",
    "dispatch/desk/asked_for.py": "tests/dispatch/desk/test_reading.py: each filter, cursor and mark",
    "dispatch/desk/booking.py": "tests/dispatch/desk/test_router.py, by its addresses",
    "dispatch/desk/detail.py": "tests/dispatch/desk/test_router.py, by its addresses",
    "dispatch/desk/schemas.py": "what people send and see; tests/dispatch/desk/test_router.py",
    "dispatch/desk/staff.py": "tests/dispatch/desk/test_router.py: people, and the day of one",
    "dispatch/desk/standing_in.py": "tests/dispatch/desk/test_router.py: of somebody ill",
    "dispatch/desk/suggesting.py": "tests/dispatch/desk/test_router.py: to whom",
    "dispatch/models.py": "tables",
    "dispatch/steps.py": "tests/dispatch/test_moving.py: each act writes its step",
    "forwarding/models.py": "tables",
    "forwarding/supervising.py": "tests/forwarding/ways/test_http.py and ways/test_dc09.py: a path is tried",
    "forwarding/way.py": "a port; tests/forwarding/ways/test_http.py and ways/test_dc09.py",
    "forwarding/ways/signed.py": "tests/forwarding/ways/test_http.py and test_two_centres.py",
    "runtime/centres.py": "tests/forwarding/test_two_centres.py, with whole servers",
    "runtime/copying.py": "tests/backups/test_daily.py",
    "runtime/forwarding.py": "tests/forwarding/test_two_centres.py, with whole servers",
    "runtime/seat_log_ins.py": "tests/faults/test_log_in_without_database.py, with a whole server",
    "runtime/kept_answers.py": "tests/runtime/test_remembering.py",
    "runtime/known_away.py": "tests/faults/test_started_without_database.py",
    "runtime/preparing.py": "tests/runtime/test_process.py; tests/faults/test_started_without_database.py",
    "sms/entering.py": "tests/sms/test_kept.py",
    # Tables, types and ports: they decide nothing. The tables are held by tests/migrations/test_drift.py.
    "alerts/board.py": "a port",
    "alerts/change.py": "a type",
    "alerts/detail.py": "a type",
    "alerts/models.py": "tables",
    "alerts/plans/bodies.py": "what people send; tests/alerts/plans/test_router.py",
    "alerts/plans/keeping.py": "tests/alerts/plans/test_router.py, by its addresses",
    "alerts/plans/models.py": "tables",
    "alerts/plans/shown.py": "what people see; tests/alerts/plans/test_router.py and tests/alerts/handling/test_router.py",
    "alerts/processors.py": "the list of the room's processors, each of which has its test",
    "alerts/printing/around.py": "types",
    "alerts/storm_shown.py": "types and how rows become them; tests/alerts/storms/test_router.py",
    "alerts/storms/models.py": "tables",
    "alerts/shown.py": "types; tests/api/test_openapi.py holds what is documented of them",
    "audit/kept_looks.py": "tests/alerts/handling/test_away.py; tests/seats/test_snapshots.py",
    "audit/models.py": "tables",
    "auth/models.py": "tables",
    "auth/users/schemas.py": "what people send and see; tests/auth/users/test_router.py",
    "adjustable/models.py": "tables",
    "auth/session_list.py": "tests/auth/test_router.py, by its address",
    "calls/models.py": "tables",
    "calls/schemas.py": "what people send and see; tests/calls/test_router.py",
    "calls/wording.py": "words; tests/calls/test_reporting.py holds that both languages have them",
    "commissioning/models.py": "tables; tests/commissioning/test_router.py",
    "communities/router.py": "tests/communities/test_counting.py, test_dots.py and test_people.py, by its addresses",
    "communities/schemas.py": "what people see; tests/communities/test_counting.py and test_people.py",
    "cli/journal.py": "tests/cli/test_replaying.py, which reads what it writes",
    "core/tables.py": "the base of the tables",
    "replaying/moved_clock.py": "tests/replaying/test_scratch.py",
    "replaying/reading.py": "tests/replaying/test_walking.py and test_real_night.py: what it reads is gone through",
    "replaying/replaying.py": "tests/replaying/test_walking.py and tests/cli/test_replaying.py",
    "replaying/sitting.py": "tests/replaying/test_every_night.py: people come and go",
    "replaying/world.py": "tests/replaying/test_walking.py and test_real_night.py",
    "drawing/models.py": "tables",
    "drawing/schemas.py": "what people send and see; tests/drawing/test_router.py",
    "drawing/drawing.py": "tests/drawing/test_router.py, by its addresses",
    "drawing/doors.py": "tests/drawing/test_router.py, by its addresses",
    "drawing/exchange.py": "tests/drawing/test_router.py, by its addresses",
    "drawing/pictures.py": "tests/drawing/test_router.py, by its addresses",
    "drawing/sheet.py": "tests/drawing/test_router.py reads the sheet after every step",
    "drawing/steps.py": "tests/drawing/test_router.py: what is undone, and what is refused",
    "drills/models.py": "tables",
    "drills/schemas.py": "what people send and see; tests/drills/test_router.py",
    "drills/wording.py": "words; tests/drills/test_printing.py holds that both languages have them",
    "devices/codec.py": "types and ports; every codec's test goes through them",
    "devices/models.py": "tables",
    "devices/protocols/dc09/options.py": "settings; tests/test_settings.py",
    "devices/registry/credentials.py": "a type",
    "liveness/models.py": "tables",
    "liveness/limits.py": "tests/liveness/test_checks.py; tests/runtime/test_bounding.py",
    "liveness/enrolling.py": "tests/faults/test_watchdog.py enrols by the command",
    "liveness/router.py": "tests/faults/test_watchdog.py: a real watchdog asks",
    "liveness/watching.py": "tests/faults/test_watchdog.py; tests/api/test_alive.py",
    "devices/watch_device.py": "tests/alerts/test_watched.py",
    "cli/watchdog.py": "tests/faults/test_watchdog.py runs it",
    "watchdog/pressing.py": "tests/faults/test_watchdog.py, over HTTP",
    "watchdog/rounding.py": "tests/faults/test_watchdog.py, leg by leg",
    "watchdog/running.py": "tests/faults/test_watchdog.py",
    "watchdog/virtual_seat.py": "tests/faults/test_watchdog.py",
    "listeners/bounds.py": "types; tests/runtime/test_bounding.py",
    "listeners/surroundings.py": "a type",
    "listeners/contract.py": "what the OpenAPI document says of signals; tests/devices/test_formats.py",
    "directory/models.py": "tables; tests/directory/test_known_words.py and merging/test_uniting.py",
    "directory/words_router.py": "tests/directory/test_known_words.py, by its addresses",
    "directory/merging/router.py": "tests/directory/merging/test_uniting.py and test_finding.py, by its addresses",
    "upkeep/changing.py": "tests/upkeep/test_router.py, by its addresses",
    "upkeep/models.py": "tables",
    "upkeep/showing.py": "tests/upkeep/test_router.py, by its addresses",
    "proving/facts.py": "types; tests/proving/test_checks.py",
    "proving/models.py": "tables",
    "proving/wording.py": "words; tests/proving/test_telling.py and test_checks.py",
    "records/staff_kinds.py": "a list of words; the schema test holds that tables know them",
    "records/models.py": "tables; tests/migrations/test_past_is_kept.py",
    "records/schemas.py": "what people send and see; tests/records/test_past.py and test_as_of.py",
    "records/around/router.py": "tests/records/test_entering.py, test_responsible.py, test_consents.py..., by its addresses",
    "records/router.py": "tests/records/test_past.py and test_as_of.py, by its addresses",
    "regions/models.py": "tables",
    "residents/models.py": "tables",
    "residents/schemas.py": "what people send and see; tests/residents/test_router.py",
    "runtime/part.py": "a type",
    "seats/models.py": "tables",
    "several/models.py": "tables",
    "runtime/leaving.py": "tests/faults/test_leaving.py, with whole servers",
    "seats/announcements/router.py": "tests/seats/announcements/test_keeping.py, by its addresses",
    "seats/announcements/shown.py": "what people see; tests/seats/announcements/test_keeping.py",
    "seats/wall/router.py": "tests/seats/wall/test_reading.py, by its address",
    "alerts/emergency/router.py": "tests/alerts/emergency/test_keeping.py, by its addresses",
    "alerts/emergency/shown.py": "what people see; tests/alerts/emergency/test_keeping.py",
    "seats/router.py": "tests/seats/test_shifts.py, by its addresses",
    "sms/gateway.py": "a port; tests/contracts/test_gateway_contract.py tries every gateway by it",
    "sms/gateways/kannel/settings.py": "settings; tests/test_settings.py",
    "sms/gateways/sandbox/settings.py": "settings; tests/test_settings.py",
    "sms/models.py": "tables",
    # The alarm path writes in steps of one flush, and is tried as one.
    "alerts/arriving/flushing.py": "tests/alerts/arriving/test_intake.py and test_writers.py",
    "alerts/arriving/joining.py": "tests/alerts/arriving/test_intake.py; the decision: tests/alerts/test_incident.py",
    "alerts/arriving/journal.py": "tests/alerts/arriving/test_intake.py reads the journal after every outcome",
    "alerts/arriving/keys.py": "tests/alerts/arriving/test_intake.py: repeats, horizons, closed incidents",
    "alerts/arriving/opening.py": "tests/alerts/arriving/test_intake.py",
    # What goes on without the database is held against what goes on with it.
    "alerts/arriving/meeting.py": "tests/alerts/test_every_outage.py; the decision: tests/alerts/test_incident.py",
    "seats/showing_anew.py": "tests/faults/test_lost_database.py",
    # What stands behind the addresses of a room is tried by them.
    "api/application.py": "tests/api/test_openapi.py, and every test of a router, by tests/support/api.py",
    "api/assembly.py": "tests/api/test_middleware.py, test_errors.py and test_console.py, by what it puts together",
    "api/reference_page.py": "tests/api/test_documentation.py",
    "api/trail/names.py": "tests/api/trail/test_router.py, by its address",
    "api/trail/finding.py": "tests/api/trail/test_router.py, by its address",
    "api/trail/reading.py": "tests/api/trail/test_router.py, by its addresses",
    "api/trail/shown.py": "what people ask for and see; tests/api/trail/test_router.py",
    "auth/own_session.py": "tests/auth/test_router.py",
    "calls/seeing.py": "tests/calls/test_taking.py and test_router.py",
    "calls/statement.py": "every query of tests/calls/test_taking.py passes its times through it",
    "devices/inventory.py": "tests/devices/test_router.py",
    "drills/reviewing.py": "tests/scenarios/test_a_drill.py, by its addresses",
    "drills/running.py": "tests/scenarios/test_a_drill.py, with the time moved by hand",
    "drills/starting.py": "tests/drills/test_router.py",
    "directory/placing.py": "tests/directory/test_importing.py",
    "directory/tree.py": "tests/directory/test_router.py",
    "listeners/http_beside.py": "tests/listeners/test_http.py",
    "residents/ground.py": "tests/drawing/test_router.py and tests/residents/test_router.py, by the map",
    "residents/photographs/keeping.py": "tests/residents/photographs/test_router.py, by its addresses",
    "residents/photographs/models.py": "tables",
    "residents/photographs/schemas.py": "what people send and see; tests/residents/photographs/test_router.py",
    "residents/people.py": "tests/residents/test_router.py",
    "residents/places.py": "tests/residents/test_router.py",
    "sms/phones.py": "tests/sms/test_router.py",
    # Commands are tried as commands.
    "__main__.py": "one line; tests/support/server.py starts every server by it",
    "cli/checking.py": "tests/cli/test_commands.py",
    "cli/documents.py": "tests/cli/test_commands.py",
    "cli/exporting.py": "tests/cli/test_moving.py",
    "cli/importing.py": "tests/cli/test_moving.py",
    "cli/migrating.py": "tests/cli/test_commands.py; tests/migrations/test_migrating.py",
    "cli/regions.py": "tests/cli/test_users.py and test_sources.py",
    "cli/serving.py": "tests/cli/test_commands.py; tests/faults/ kill what it starts",
    "cli/simulating.py": "tests/demo/devices/test_process.py starts it",
    "demo/devices/__main__.py": "tests/demo/devices/test_process.py starts it",
    "demo/devices/http_client.py": "tests/demo/devices/test_fleet.py, against a real listener",
    "demo/devices/lean_http.py": "tests/demo/devices/test_load.py, against a real listener",
    # The private PostgreSQL is tried as a whole, by starting and killing it.
    "core/accounts.py": "tests/core/test_cluster.py",
    "core/binaries.py": "tests/core/test_cluster.py",
    "core/cluster_files.py": "tests/core/test_cluster.py",
    "core/migrating.py": "tests/migrations/test_migrating.py",
    # The reading of frames is tried from the bytes on.
    "devices/protocols/dc09/events.py": "tests/devices/protocols/dc09/test_codec.py",
    "devices/protocols/dc09/frame.py": "tests/devices/protocols/dc09/test_codec.py",
    # The composition root: every server that tests/faults/ and tests/e2e/ start is built by it.
    "runtime/calling.py": "tests/faults/test_two_processes.py",
    "runtime/field.py": "what the office is made of; every story of a whole server starts it",
    "runtime/alarm.py": "tests/faults/test_two_processes.py",
    "runtime/families_away.py": "tests/faults/test_answers_without_database.py",
    # A night for a trainee, from its file to the table at its end.
    "cli/training.py": "tests/replaying/test_at_the_seat.py",
    "replaying/beside.py": "tests/replaying/test_training.py",
    "replaying/exercise.py": "tests/replaying/test_training.py",
    "replaying/pressing_again.py": "tests/replaying/test_training.py",
    # Between two processes, while the database is away.
    "alerts/handling/answers_away.py": "tests/faults/test_answers_without_database.py",
    "alerts/handling/silent_away.py": "tests/faults/test_silent_contacts_without_database.py",
    "alerts/handling/telling_away.py": "tests/faults/test_silent_contacts_without_database.py",
    "sms/arrived_away.py": "tests/faults/test_answers_without_database.py",
}


def wants(source: str) -> Path:
    """Where the tests of a source file belong."""
    path = Path(source)
    return TESTS / path.with_name(f"test_{path.name}")


FILES = sorted(
    path.relative_to(SOURCE).as_posix()
    for path in SOURCE.rglob("*.py")
    if path.name != "__init__.py" and "static" not in path.relative_to(SOURCE).parts
)


@pytest.mark.parametrize("source", FILES)
def test_a_source_file_has_its_test_file_or_a_reason(source: str):
    assert wants(source).exists() != (source in ELSEWHERE), (
        f"{source}: write {wants(source).relative_to(TESTS.parent)}, or give the reason here;"
        " a file that has its tests needs none"
    )


def test_no_reason_stands_for_a_file_that_is_gone():
    assert set(ELSEWHERE) - set(FILES) == set()


@pytest.mark.parametrize("source", ELSEWHERE)
def test_the_tests_that_a_reason_names_are_there(source: str):
    named = [word.strip(",;:") for word in ELSEWHERE[source].split() if word.startswith("tests/")]
    assert [name for name in named if not (TESTS.parent / name).exists()] == []
