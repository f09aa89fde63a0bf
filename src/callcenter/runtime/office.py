"""The office: records, import and export, texts, histories, administration. It may be slow; alarms do not pass here."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from fastapi import APIRouter

from callcenter.alerts.archive import Archive
from callcenter.alerts.chained import JOURNAL, TIMELINE, ByChange
from callcenter.api.application import office_api
from callcenter.api.older_release import NoChanges
from callcenter.api.passing import as_passed
from callcenter.api.serving import ApiProtocol, HttpServer
from callcenter.api.silent import unless_silent
from callcenter.audit.archived import place_of_archive
from callcenter.audit.chained import AUDIT
from callcenter.audit.linking import Everything, Finding, Links, New
from callcenter.audit.parts import Parts
from callcenter.commissioning.facts import SiteSettings
from callcenter.commissioning.first_start import FirstCode
from callcenter.communities.counting import Tallies
from callcenter.core.changes import Changes
from callcenter.core.confined import Confines
from callcenter.core.data_folder import is_there, place_of_spool
from callcenter.core.database import Database
from callcenter.core.held import HeldConnections
from callcenter.core.reserve import Reserve
from callcenter.core.sealed import Seal
from callcenter.core.silence import Silence
from callcenter.core.stepping_back import threads_that_step_back
from callcenter.core.supervisor import Supervisor
from callcenter.devices.trying import EndsOfTests, LongestTest
from callcenter.directory.codes_to_come import CodesToCome
from callcenter.directory.handing_out import Exports
from callcenter.directory.jobs import ImportJobs
from callcenter.families.router import FamilyPages
from callcenter.families.silent import families_told
from callcenter.proving.running import Proofs
from callcenter.records.lapsing import LapsedFacts
from callcenter.residents.access import DirectoryHint
from callcenter.residents.names import read_dictionaries
from callcenter.runtime import bounding
from callcenter.runtime.adjusting import adjusting_part
from callcenter.runtime.alarm import demo_page
from callcenter.runtime.calling import calls_part
from callcenter.runtime.centres import centres_part
from callcenter.runtime.copying import copies_part
from callcenter.runtime.field import field_part
from callcenter.runtime.ground import Ground
from callcenter.runtime.hotline_work import hotline_work_part
from callcenter.runtime.known_away import KnownAway
from callcenter.runtime.leaving import lives_part
from callcenter.runtime.part import Part
from callcenter.runtime.recordings import recordings_part
from callcenter.runtime.remembering import remembering_part
from callcenter.runtime.texting import texts_part
from callcenter.runtime.voice import voice_office_part
from callcenter.settings import Settings
from callcenter.telephony.keeping.router import LinesHint
from callcenter.upkeep.archiving import Archiving
from callcenter.upkeep.kinds import KeptKind
from callcenter.upkeep.retention import Retention

POOL_SIZE = 10
THREADS = 6
"""For what would hold the loop: spreadsheets, exports, files."""


@dataclass(frozen=True, slots=True)
class Begins:
    """What is known of the database when the process begins. Without it texts leave and gateways are heard; the rest waits."""

    known_away: KnownAway
    tables_may_be_old: bool = False


ExtraRouters = Callable[[Database], Sequence[APIRouter]]
"""What a caller of the runtime adds to the office's addresses, such as the demo."""


def build(
    settings: Settings,
    dsn: str,
    listening: socket.socket,
    extra_routers: ExtraRouters | None,
    begins: Begins,
    supervisor: Supervisor,
) -> tuple[Ground, list[Part], HttpServer]:
    """Everything of this process; `listening` is the Unix socket that the alarm process calls."""
    read_dictionaries()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(threads_that_step_back(THREADS, "beside"))
    ground = _ground(settings, dsn, begins)
    silence = Silence(ground.database)

    def is_silent() -> bool:
        return silence.holds or not ground.loaded.is_set()

    extra = Part(routers=extra_routers(ground.database) if extra_routers else ())
    working = [
        _records_part(ground),
        calls_part(ground),
        voice_office_part(ground),
        centres_part(ground, supervisor),
        field_part(ground),
        recordings_part(ground),
        hotline_work_part(ground),
        _commissioning_part(settings),
        _proofs_part(ground),
        copies_part(ground, supervisor),
        extra,
    ]
    parts = [
        adjusting_part(ground),
        replace(lives_part(ground), waits=True),
        Part(processors=[silence], stop=silence.connections.close),
        replace(remembering_part(ground), waits=True),
        replace(texts_part(ground, supervisor, is_silent), yields=True),
        *(replace(each, yields=True, waits=True) for each in working),
    ]
    return ground, parts, _server(ground, parts, listening, is_silent)


def _ground(settings: Settings, dsn: str, begins: Begins) -> Ground:
    ground = Ground(settings, dsn, pool_size=POOL_SIZE, is_office=True)
    ground.waits_little = bool(begins.known_away)
    ground.keeps_answers = ground.waits_little or is_there(settings.data_dir)
    ground.needs_answers = False
    ground.tables_may_be_old = begins.tables_may_be_old
    return ground


def _records_part(ground: Ground) -> Part:
    async def directory_changed() -> None:
        await ground.changes.notify("directory")

    async def lines_changed() -> None:
        await ground.changes.notify("lines")

    reading = HeldConnections(ground.database, "archive", 2)
    tests = EndsOfTests(ground.database)
    lapsed = LapsedFacts(ground.database, ground.zone)
    codes = CodesToCome(ground.database, ground.zone)
    imports = ImportJobs(ground.settings.data_dir / "imports", ground.seal)
    retention = Retention(ground.database, ground.site, imports, ground.zone)
    again = Everything(AUDIT), Everything(JOURNAL)
    findings: list[Finding] = [New(AUDIT), New(JOURNAL), ByChange(), *again]
    by = f"{socket.gethostname()} {ground.process_id}"
    links = Links(ground.database, findings, by=by)

    parts = Parts(ground.database)
    archiving = Archiving(
        ground.database,
        ground.site,
        {KeptKind.JOURNAL: JOURNAL, KeptKind.TIMELINE: TIMELINE, KeptKind.AUDIT: AUDIT},
        ground.settings.data_dir,
        ground.seal,
        ground.zone,
        by=by,
    )
    working = (parts, tests, lapsed, codes, links, retention, archiving)
    held = [each.connections for each in working]

    def written_late() -> None:
        for finding in again:
            finding.look_soon()

    async def stop() -> None:
        await archiving.close()
        for connections in (reading, *held):
            await connections.close()

    return Part(
        processors=working,
        stop=stop,
        ports={
            Archive: Archive(reading, ground.clock, ground.zone),
            Seal: ground.seal,
            Changes: ground.changes,
            DirectoryHint: directory_changed,
            LinesHint: lines_changed,
            Exports: Exports(ground.settings.data_dir / "exports", ground.reserve),
            Reserve: ground.reserve,
            ImportJobs: imports,
            Confines: Confines(**ground.settings.imports.model_dump()),
            Tallies: Tallies(),
            LongestTest: LongestTest(timedelta(hours=ground.settings.office.longest_test_h)),
        },
        listens={
            "grants": lambda _: ground.sessions.forget(),
            "written_late": lambda _: written_late(),
        },
    )


def _proofs_part(ground: Ground) -> Part:
    data_dir = ground.settings.data_dir
    proofs = Proofs(
        ground.database, ground.clock, place_of_spool(data_dir), place_of_archive(data_dir)
    )
    return Part(tasks={"proofs": proofs.run}, ports={Proofs: proofs}, stop=proofs.connections.close)


def _commissioning_part(settings: Settings) -> Part:
    reaching = [gateway.name for gateway in settings.sms.gateways if gateway.kind != "sandbox"]
    code, site = (
        FirstCode(settings.data_dir),
        SiteSettings(reaching, settings.tls_certificate, settings.data_dir),
    )
    return Part(prepare=code.prepare, ports={FirstCode: code, SiteSettings: site})


def _server(
    ground: Ground,
    parts: Sequence[Part],
    listening: socket.socket,
    is_silent: Callable[[], bool],
) -> HttpServer:
    async def grants_changed() -> None:
        await ground.changes.notify("grants")

    ports: dict[type, object] = {}
    routers: list[APIRouter] = []
    for part in parts:
        ports |= part.ports
        routers += part.routers
    families = FamilyPages(ground.secrets.family_key)
    ports[FamilyPages] = families
    context = ground.context(ports, grants_changed)
    settings = ground.settings
    bounds = bounding.bodies(settings, ground.site)
    api = office_api(
        context,
        routers=routers,
        framed_by=demo_page(settings),
        bounds=bounds,
        servers=settings.several.servers,
    )
    protocol = partial(
        ApiProtocol, head=bounding.head_passed_on(settings), most_unread=bounds.most_of_all
    )
    front = unless_silent(NoChanges(api, ground.stands_back), is_silent)
    front = families_told(front, is_silent, families)
    return HttpServer(as_passed(front), listening, protocol=protocol)
