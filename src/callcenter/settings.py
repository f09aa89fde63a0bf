"""The only reader of the environment and of callcenter.toml.

A value comes from the environment (CALLCENTER_PORT, CALLCENTER_OFFICE__NICE), else from the file, else from here. An
unknown key, a wrong type or values that contradict each other stop the start with the file, the key and the reason.
"""

from __future__ import annotations

import ipaddress
import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import time
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, get_args
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    SecretStr,
    Tag,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from callcenter.adjustable.known import SETTINGS, ValueKind
from callcenter.core.errors import Misconfigured
from callcenter.devices.codec import FormatOptions, Frames, Transport
from callcenter.devices.formats import FORMATS
from callcenter.devices.signals import Datum
from callcenter.listeners.bounds import MOST_FRAMES
from callcenter.sms.gateways.kannel.settings import KannelSettings
from callcenter.sms.gateways.sandbox.settings import SandboxSettings
from callcenter.telephony.line import LineKind
from callcenter.telephony.pbxs.asterisk.section import AsteriskSection, DeskPhone, Trunk
from callcenter.telephony.pbxs.simulated.section import SimulatedSection

PREFIX = "CALLCENTER_"
CONFIG_VARIABLE = "CALLCENTER_CONFIG"
FILE_NAME = "callcenter.toml"


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {name!r}") from error
    return name


def _origin(text: str) -> str:
    scheme, _, host = text.partition("://")
    if scheme not in ("http", "https") or not host or "/" in host:
        raise ValueError(f"{text!r} is not an origin such as https://centre.example:8000")
    return text.lower()


def _network(text: str) -> str:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        raise ValueError(
            f"{text!r} is no address such as 10.0.0.5 or network such as 10.0.0.0/8"
        ) from None
    return text


def _address_and_port(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > _LAST_PORT:
        raise ValueError(f"{text!r} is no address such as 127.0.0.1:8010")
    return text


_LAST_PORT = 65_535
Port = Annotated[int, Field(ge=0, le=65535)]
Seconds = Annotated[float, Field(gt=0, le=86400)]
Origin = Annotated[str, AfterValidator(_origin)]
Network = Annotated[str, AfterValidator(_network)]


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ListenerSettings(BaseModel):
    """Where devices of one wire format are listened to; one table for each address. `listeners = []`: nowhere."""

    model_config = ConfigDict(extra="allow", frozen=True)

    format: str = Field(description="Wire format: dc09.")
    transport: Transport = Field(description="tcp or udp.")
    host: str = Field(
        "127.0.0.1", description="Address to listen on; 0.0.0.0 for devices elsewhere."
    )
    port: Port = Field(description="Port; 0 takes any free one.")
    region: str | None = Field(
        None, description="Code of the region that answers for unknown callers; none: the root."
    )

    @field_validator("format")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value not in _LISTENED:
            raise ValueError(f"there is no {value!r}; known: {', '.join(_LISTENED)}")
        return value

    @model_validator(mode="after")
    def _is_carried(self) -> Self:
        transports = _LISTENED[self.format].transports
        if self.transport not in transports:
            raise ValueError(f"{self.format} comes over {' or '.join(sorted(transports))}")
        return self

    @property
    def options(self) -> FormatOptions:
        """What the format itself lets one set. Raises ValidationError."""
        return _LISTENED[self.format].options.model_validate(self.model_extra)


_LISTENED: Mapping[str, Frames] = {
    name: known.carried for name, known in FORMATS.items() if isinstance(known.carried, Frames)
}


class SourceSettings(Section):
    """What the signals of one HTTP source mean where they do not say it themselves."""

    name: str = Field(description="Name of the source, as `callcenter source` gave it.")
    timezone: Annotated[str, AfterValidator(_zone)] | None = Field(
        None, description="Time zone of its times without one; none: that of the site."
    )
    datum: Datum = Field(Datum.WGS84, description="Datum of its positions: wgs84, gcj02 or bd09.")


GatewaySettings = Annotated[SandboxSettings | KannelSettings, Field(discriminator="kind")]
"""One line for each package in sms/gateways."""


class SmsSettings(Section):
    """The way out for texts. Without a gateway they stay in the sandbox: stored, shown, never sent."""

    gateways: Annotated[tuple[GatewaySettings, ...], Field(min_length=1)] = Field(
        (SandboxSettings(),),
        description="In order of preference: what one refuses goes to the next. kind = sandbox or kannel.",
    )

    @field_validator("gateways")
    @classmethod
    def _can_be_told_apart(cls, value: tuple[GatewaySettings, ...]) -> tuple[GatewaySettings, ...]:
        names = [gateway.name for gateway in value]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two gateways have the name {', '.join(twice)}: give each its own")
        return value


class VoiceSettings(Section):
    """What the centre rings by itself, where it has an exchange: docs/operating/voice-out.md."""

    contact_after_s: Annotated[int, Field(ge=0, le=1_800)] = Field(
        60,
        description="A contact who has not answered the text about an alarm for so long is rung, where no plan says otherwise; 0: nobody is.",
    )
    lines: Annotated[int, Field(ge=1, le=500)] = Field(
        4, description="Lines that it takes at once, at most; the others stay free for people."
    )
    lines_for_lists: Annotated[int, Field(ge=0, le=500)] = Field(
        2, description="Of these for lists of calls; the rest is for contacts."
    )
    rings_for_s: Annotated[int, Field(ge=10, le=120)] = Field(
        40, description="How long a telephone rings, in seconds."
    )
    said: Annotated[int, Field(ge=1, le=5)] = Field(
        3, description="How often everything is said to whoever presses no key."
    )
    contact_pauses_s: tuple[Annotated[int, Field(ge=5, le=3_600)], ...] = Field(
        (30, 60), description="Before a contact is rung a second time, a third, and so on."
    )
    list_pauses_min: tuple[Annotated[int, Field(ge=5, le=1_440)], ...] = Field(
        (20,), description="The same for lists, in minutes."
    )
    quiet_from: time = Field(
        time(20, 30),
        description="From then on nobody is rung but for an alarm, by the site's clock.",
    )
    quiet_until: time = Field(time(8, 30), description="Until then.")
    engine: tuple[str, ...] = Field(
        (),
        description="Command that reads words and writes a WAV file of them, {language} being zh or en; none: espeak-ng, where it is installed.",
        examples=[("/opt/tts/speak", "--language", "{language}")],
    )

    @model_validator(mode="after")
    def _leaves_lines(self) -> Self:
        if self.lines_for_lists >= self.lines > 1:
            raise ValueError("lines_for_lists must leave a line to contacts: less than lines")
        return self


class AlarmSettings(Section):
    """How alarms are kept from being forgotten."""

    taker_gone_s: Seconds = Field(
        60.0, description="An alarm goes back to the queue when its taker is gone for this long."
    )
    sweep_every_s: Seconds = Field(
        2.0, description="How often a sweep looks for changes that a lost hint did not tell of."
    )
    storm_within_s: Annotated[float, Field(ge=10, le=600)] = Field(
        60.0,
        description="More technical alarms of a kind in a region within this time than its number are one line: a storm.",
    )
    storm_quiet_s: Annotated[float, Field(ge=600, le=86_400)] = Field(
        600.0, description="A storm is over when it has had no further alarm for this long."
    )


class DiskSettings(Section):
    """Room beside the private database that is kept for alarms, and given up to it when the disk is nearly full."""

    reserve_mb: Annotated[int, Field(ge=0, le=65_536)] = Field(
        64,
        description="In MiB; while it is not there imports, exports and photos are refused. 0: none.",
    )


class BackupSettings(Section):
    """A copy of everything but the keys, taken each day beside the work, and tried: docs/operating/backup.md."""

    at: Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")] | None = Field(
        None,
        description="Hour of the daily copy, by the clock of the site; none: no copy is taken by itself.",
        examples=["03:10"],
    )
    to: Path | None = Field(
        None,
        description="Folder of the copies, best on another machine's disk; none: backups below data_dir.",
        examples=["/mnt/backup/callcenter"],
    )
    keep_daily: Annotated[int, Field(ge=1, le=366)] = Field(
        7, description="Of so many days the last copy is kept."
    )
    keep_weekly: Annotated[int, Field(ge=0, le=520)] = Field(
        5, description="Of so many weeks the last copy is kept."
    )
    drill_every_d: Annotated[int, Field(ge=0, le=366)] = Field(
        7,
        description="After so many days the new copy is restored into a scratch database and proved; 0: never by itself.",
    )

    @property
    def hour(self) -> time | None:
        """Of the daily copy."""
        return time.fromisoformat(self.at) if self.at else None


class OfficeSettings(Section):
    """The process beside the alarms: records, imports, texts, reports. It is started again when it fails or grows too large."""

    memory_mb: Annotated[int, Field(ge=256, le=65_536)] = Field(
        2048,
        description="Most memory it may take, in MiB; an import of 100,000 rows needs some 600.",
    )
    nice: Annotated[int, Field(ge=0, le=19)] = Field(
        10, description="How far it steps back behind alarms for the processor: 0 to 19."
    )
    longest_test_h: Annotated[int, Field(ge=1, le=168)] = Field(
        24, description="For how long a device, a home or a region may be in test, in hours."
    )


Two = Annotated[tuple[float, float], Field(min_length=2, max_length=2)]


class LivenessSettings(Section):
    """What must be alive, and from when on it is worth a look and bad: two numbers each. The page and the metrics go by these."""

    watchdog_silent_s: Two = Field(
        (150.0, 300.0), description="Seconds since a watchdog was heard."
    )
    listener_quiet_h: Two = Field(
        (26.0, 72.0), description="Hours since a listener heard of any device."
    )
    clock_off_s: Two = Field(
        (1.0, 10.0), description="Seconds between clocks: NTP, the database's, the watchdog's."
    )
    certificate_d: Two = Field((30.0, 7.0), description="Days until the certificate ends.")
    disk_free_percent: Two = Field(
        (15.0, 5.0), description="Room left on the disks of data and spool, in percent."
    )
    wal_gib: Two = Field((4.0, 16.0), description="Size of PostgreSQL's log (WAL), in GiB.")
    backup_h: Two = Field((26.0, 50.0), description="Hours since the last backup.")
    chain_behind_s: Two = Field(
        (60.0, 600.0), description="Seconds by which the chain of the journal is behind."
    )
    proof_d: Two = Field((8.0, 32.0), description="Days since the last proof on the page.")


class SeatSettings(Section):
    """Consoles that may be open at once; one more takes the place of one whose network is gone, or has to wait."""

    per_session: Annotated[int, Field(ge=1, le=10_000)] = Field(600, description="Of one log-in.")
    per_account: Annotated[int, Field(ge=1, le=10_000)] = Field(1000, description="Of one user.")
    frames_per_s: Annotated[int, Field(ge=200, le=100_000)] = Field(
        2000, description="What one console may say for long, each second; at its busiest some 20."
    )
    frames_at_once: Annotated[int, Field(ge=1000, le=1_000_000)] = Field(
        10_000, description="What it may say in one go; one that says more is cut."
    )
    claims_per_s: Annotated[int, Field(ge=200, le=100_000)] = Field(
        2000, description="Alarms that one console may newly say to show or sound, each second."
    )
    claims_at_once: Annotated[int, Field(ge=2000, le=1_000_000)] = Field(
        20_000, description="The same in one go: two for each incident of a board of 10,000."
    )
    wrap_up_s: Annotated[float, Field(ge=0, le=600)] = Field(
        10.0,
        description="After its last incident a seat is offered no alarm for so long, where a region rings at one seat first.",
    )


class QueueSettings(Section):
    """What whoever rings and waits is told and offered, and when, in seconds after the first ring."""

    pick_up_s: Annotated[float, Field(ge=0.5, le=20)] = Field(
        3.0,
        description="Until then it rings; then whoever rings is answered and hears music. Less than telephony.server_within_s.",
    )
    say_place_every_s: Annotated[float, Field(ge=2, le=600)] = Field(
        30.0, description="How often whoever waits is told their place."
    )
    offer_call_back_s: Annotated[float, Field(ge=2, le=3600)] = Field(
        60.0, description="From then on they are offered key 1: hang up, and be rung."
    )
    overflow_s: Annotated[float, Field(ge=5, le=3600)] = Field(
        180.0, description="Then the other centre of the line is rung, where it has one."
    )
    ask_s: Annotated[float, Field(ge=1, le=120)] = Field(
        10.0, description="For so long one seat is asked alone, before the next one is."
    )
    alone_s: Annotated[float, Field(ge=2, le=600)] = Field(
        10.0,
        description="Nobody has been at a seat for so long: whoever waits is given to the duty phones. Who rings then waits for pick_up_s alone.",
    )


class SeveralSettings(Section):
    """Several servers on one database. Consoles go on at another of them when theirs is stopped or lost."""

    servers: tuple[Origin, ...] = Field(
        (),
        description="Addresses of all servers, this one included, in the order in which consoles try them; the same list everywhere.",
        examples=[("https://a.centre.example:8000", "https://b.centre.example:8000")],
    )
    cookie_domain: Annotated[str, Field(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$")] | None = Field(
        None,
        description="The name above those of all servers, of which no name is anybody else's: a log-in then holds at each of them.",
        examples=["centre.example"],
    )
    drain_s: Annotated[float, Field(ge=0, le=6)] = Field(
        2.0,
        description="For so long a server that is being stopped still takes everything in, while /readyz says 503 and its seats go.",
    )


class LogInSettings(Section):
    """Passwords are compared one after the other, some 0.1 s each; a shift that begins waits its turn."""

    waiting: Annotated[int, Field(ge=1, le=1000)] = Field(
        200,
        description="Log-ins that may wait; when there are more, the address with the most loses one.",
    )
    within_s: Seconds = Field(
        20.0, description="How long a log-in waits before it is answered 503, in seconds."
    )


class LimitSettings(Section):
    """How much strangers and crowds may take. What is four fifths full says so in the log, once a minute at most."""

    device_connections: Annotated[int, Field(ge=32, le=60_000)] | None = Field(
        None,
        description="Connections of devices at once; none, or more than there are files for: six tenths of the files.",
        examples=[20_000],
    )
    browser_connections: Annotated[int, Field(ge=32, le=60_000)] | None = Field(
        None,
        description="Connections of browsers and phones at once; none: two tenths of the files.",
        examples=[5_000],
    )
    pages_at_once: Annotated[int, Field(ge=4, le=1000)] = Field(
        64, description="Requests that the office works on at once; alarms are not among them."
    )
    pages_waiting: Annotated[int, Field(ge=0, le=10_000)] = Field(
        256, description="Requests that wait for these; more are answered 503 at once."
    )
    log_ins_at_once: Annotated[int, Field(ge=16, le=10_000)] = Field(
        1024, description="Log-ins on their way to the office, where [log_in] bounds them."
    )
    documents_at_once: Annotated[int, Field(ge=1, le=1000)] = Field(
        4, description="Pages of documentation that the office hands out at once."
    )
    uploads_at_once: Annotated[int, Field(ge=1, le=100)] = Field(
        4, description="Files and photos taken in at once; each user has one."
    )


class RequestSettings(Section):
    """How large a request may be, and how long it may take to come; those with signals have their own bounds in [devices]."""

    head_kb: Annotated[int, Field(ge=8, le=256)] = Field(
        32, description="Most of the head of any request, in KiB."
    )
    head_lines: Annotated[int, Field(ge=50, le=1000)] = Field(
        100, description="Most headers of any request."
    )
    body_kb: Annotated[int, Field(ge=256, le=65_536)] = Field(
        1024, description="Most of a body that is no file, in KiB."
    )
    body_within_s: Seconds = Field(20.0, description="How long such a body may take, in seconds.")
    strangers_body_kb: Annotated[int, Field(ge=16, le=1024)] = Field(
        64, description="Most of a body of somebody who is not logged in, in KiB."
    )
    strangers_body_within_s: Seconds = Field(
        10.0, description="How long such a body may take, in seconds."
    )
    file_within_s: Seconds = Field(
        300.0,
        description="How long a file to be imported may take, in seconds; [imports] has its size.",
    )
    photo_within_s: Seconds = Field(60.0, description="How long a photo may take, in seconds.")


class DeviceSettings(Section):
    """How much devices may send before others go first. No alarm is refused by these: what waits is read later or sent again."""

    idle_s: Annotated[float, Field(ge=60, le=86400)] = Field(
        1800.0, description="A dialler's connection is given up when nothing came for this long."
    )
    keep_alive_s: Annotated[float, Field(ge=5, le=86400)] = Field(
        75.0, description="The same of a connection over HTTP."
    )
    signal_within_s: Annotated[float, Field(ge=5, le=300)] = Field(
        10.0,
        description="How long the head, then the body, of a signal over HTTP may take, in seconds.",
    )
    frames_at_once: Annotated[int, Field(ge=100, le=MOST_FRAMES)] = Field(
        MOST_FRAMES,
        description="Frames over TCP that are stored at once, of each listener; the rest waits with the devices.",
    )
    datagrams_at_once: Annotated[int, Field(ge=100, le=MOST_FRAMES)] = Field(
        MOST_FRAMES, description="The same over UDP; the rest is dropped, and devices repeat."
    )
    datagrams_mb: Annotated[int, Field(ge=1, le=1024)] = Field(
        16, description="Most memory for these, in MiB."
    )
    datagrams_of_floods: Annotated[int, Field(ge=10, le=MOST_FRAMES)] = Field(
        2000, description="With more than these, those of addresses that flood are dropped."
    )
    light_ms: Annotated[int, Field(ge=10, le=10_000)] = Field(
        200,
        description="Reading that an address may cost within some ten seconds and still go first; raise it where all devices come through one gateway.",
    )
    unread_a_minute: Annotated[int, Field(ge=1, le=10_000)] = Field(
        60, description="Samples kept of what nobody can read, of each source; the rest is counted."
    )
    unread_of_one: Annotated[int, Field(ge=1, le=10_000)] = Field(
        5, description="The same of one address."
    )
    refusals_told_a_minute: Annotated[int, Field(ge=0, le=10_000)] = Field(
        20, description="Refused signals that the log tells of; the rest is counted."
    )


class ImportSettings(Section):
    """What the reading of one spreadsheet may take; it happens in a process of its own, which ends when it wants more."""

    file_mb: Annotated[int, Field(ge=1, le=1024)] = Field(
        20, description="Largest file, in MiB; some 100,000 rows."
    )
    memory_mb: Annotated[int, Field(ge=128, le=65_536)] = Field(
        1024, description="Most memory, in MiB; 50,000 full rows fit into 768."
    )
    cpu_s: Annotated[int, Field(ge=1, le=3600)] = Field(
        60, description="Most seconds of a processor."
    )
    patience_s: Seconds = Field(120.0, description="Most seconds on the clock.")


def _adjustable(name: str, description: str) -> Any:
    """Within the bounds of the page that changes it while the server runs."""
    setting = SETTINGS[name]
    if setting.kind is ValueKind.NUMBER:
        return Field(setting.default, ge=setting.least, le=setting.most, description=description)
    return Field(setting.default, max_length=setting.most, description=description)


class FieldSettings(Section):
    """Phones on their way and families, outside the house: docs/operating/outside.md. A second listener carries their pages alone."""

    public_url: Origin | None = Field(
        None,
        description="Address at which families and phones reach the second listener; none: no text has a link.",
        examples=["https://c.example.cn"],
    )
    listen: Annotated[str, AfterValidator(_address_and_port)] | None = Field(
        None,
        description="host:port of the second listener; none: there is none.",
        examples=["127.0.0.1:8010"],
    )
    tls_certificate: Path | None = Field(
        None,
        description="PEM file with its own certificate and chain; none: plain, for a tunnel on this machine or for trusted_proxies alone.",
        examples=["var/certificates/outside.pem"],
    )
    tls_key: Path | None = Field(
        None,
        description="PEM file with the key of that.",
        examples=["var/certificates/outside-key.pem"],
    )
    trusted_proxies: tuple[Network, ...] = Field(
        (),
        description="The tunnel's or proxy's addresses; of nobody else X-Forwarded-For and -Proto are believed there.",
    )
    connections: Annotated[int, Field(ge=8, le=20_000)] = Field(
        400, description="Connections there at once; one more takes the place of an idle one."
    )
    requests_a_minute: Annotated[int, Field(ge=10, le=100_000)] = Field(
        600,
        description="Of one address; a mobile network has many phones behind one, a tunnel without X-Forwarded-For everybody.",
    )
    pages_at_once: Annotated[int, Field(ge=1, le=64)] = Field(
        4, description="Requests from there that the office works on at once."
    )
    pages_waiting: Annotated[int, Field(ge=0, le=1000)] = Field(
        64, description="Requests that wait for these; more are answered 503 at once."
    )
    body_kb: Annotated[int, Field(ge=64, le=65_536)] = Field(
        4096, description="Most of a body from there, in KiB: a photo, shrunk."
    )
    body_within_s: Seconds = Field(60.0, description="How long it may take, in seconds.")

    @property
    def address(self) -> tuple[str, int]:
        """Where to listen. Only where `listen` is said."""
        host, _, port = (self.listen or "").rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def public_name(self) -> str | None:
        """The name in the public address."""
        return urlsplit(self.public_url).hostname if self.public_url else None


class SiteSettings(Section):
    """What the page `Settings of the site` changes while the server runs; what was said there goes before this."""

    name: str = _adjustable("site.name", "What the site calls itself, above every page.")
    name_en: str = _adjustable("site.name_en", "The same in English.")
    contact: str = _adjustable("site.contact", "Whom its people ask when something does not work.")
    session_h: int = _adjustable("site.session_h", "How long a log-in lasts, in hours.")
    slip_h: int = _adjustable(
        "site.slip_h", "For how long a slip for a new password may be used, in hours."
    )
    screen_d: int = _adjustable(
        "site.screen_d", "How long a paired screen stays one after it was used last, in days."
    )


class RecordingSettings(Section):
    """What was said on the telephone: where its sealed files lie, and on which lines callers are told of it."""

    folder: Path | None = Field(
        None,
        description="Where recordings lie, sealed; left out: recordings in data_dir. It may be a mounted one, which is left alone while it is away.",
        examples=["/srv/callcenter/recordings"],
    )
    announced_on: tuple[LineKind, ...] = Field(
        (),
        description='Lines whose callers hear that they are recorded (prompt cc-recorded), such as ["hotline", "office"]. Never red: help waits for nothing.',
    )

    @field_validator("announced_on")
    @classmethod
    def _red_waits_for_nothing(cls, kinds: tuple[LineKind, ...]) -> tuple[LineKind, ...]:
        if LineKind.RED in kinds:
            raise ValueError("a red call waits for no announcement; leave red out")
        return kinds


class RetentionSettings(Section):
    """For how long what nobody needs any more is kept, in days; changed on the same page. Incidents stay."""

    texts_d: int = _adjustable("retention.texts_d", "Texts of closed incidents.")
    answers_d: int = _adjustable("retention.answers_d", "Answers to them.")
    photos_d: int = _adjustable(
        "retention.photos_d", "Photos of residents after they moved away or died."
    )
    field_photos_d: int = _adjustable(
        "retention.field_photos_d", "Photographs from the phones of those who are sent."
    )
    import_reports_d: int = _adjustable(
        "retention.import_reports_d", "Reports of imports, of which the last twenty are kept."
    )
    log_ins_d: int = _adjustable("retention.log_ins_d", "Log-ins after their end.")
    watch_spans_d: int = _adjustable(
        "retention.watch_spans_d", "When the server was there, for the roll-call after an outage."
    )
    seat_changes_d: int = _adjustable(
        "retention.seat_changes_d", "Who sat where, for a night that is gone through again."
    )
    tracks_d: int = _adjustable(
        "retention.tracks_d", "The ways of staff on duty: whole days go, for good."
    )
    check_in_places_d: int = _adjustable(
        "retention.check_in_places_d", "Where somebody stood who checked in; how far off stays."
    )
    tasks_d: int = _adjustable(
        "retention.tasks_d",
        "Visits, rides, errands that are over, with steps and check-ins; rescues as timelines.",
    )
    rounds_d: int = _adjustable(
        "retention.rounds_d", "Days of rounds that are over, with what was said at the doors."
    )
    pair_ticks_d: int = _adjustable("retention.pair_ticks_d", "Words of neighbours.")
    duties_d: int = _adjustable("retention.duties_d", "Duties, shifts and absences of staff.")
    family_looks_d: int = _adjustable(
        "retention.family_looks_d", "How often the page of a family was opened."
    )
    field_commands_d: int = _adjustable(
        "retention.field_commands_d", "Commands of phones, by which a repeat is known."
    )
    phone_log_ins_d: int = _adjustable(
        "retention.phone_log_ins_d", "Log-ins, codes and links of phones after their end."
    )
    recordings_d: int = _adjustable(
        "retention.recordings_d", "Recordings of calls on green keys, the hotline and office lines."
    )
    recordings_red_d: int = _adjustable(
        "retention.recordings_red_d", "Recordings of calls on red keys."
    )
    recordings_case_d: int = _adjustable(
        "retention.recordings_case_d",
        "Recordings of calls that belong to an incident, on whatever line; never while it is open.",
    )
    voice_calls_d: int = _adjustable(
        "retention.voice_calls_d", "Whom the centre has rung by itself; that it rang stays."
    )
    calls_d: int = _adjustable(
        "retention.calls_d",
        "Whose calls they were, what was noted, and what was done about it; that they came stays.",
    )
    journal_d: int = _adjustable(
        "retention.journal_d", "The journal of signals: whole months go, into the archive."
    )
    timeline_d: int = _adjustable(
        "retention.timeline_d", "Timelines of closed incidents, by the month of opening; likewise."
    )
    audit_d: int = _adjustable("retention.audit_d", "The audit trail, likewise.")


_KINDS: Final = ("asterisk", "simulated")


def _kind_of(telephony: object) -> str:
    """Of the section; a site that names none has an Asterisk."""
    said = (
        telephony.get("kind")
        if isinstance(telephony, Mapping)
        else getattr(telephony, "kind", None)
    )
    return "simulated" if said == "simulated" else "asterisk"


TelephonySection = Annotated[
    Annotated[AsteriskSection, Tag("asterisk")] | Annotated[SimulatedSection, Tag("simulated")],
    Discriminator(_kind_of),
]


class Settings(Section):
    """Everything that can be set. Passed on by the composition root as values; nothing below it reads settings."""

    data_dir: Path = Field(
        Path("var"), description="Keys, secrets, spool and the embedded database live here."
    )
    database_url: SecretStr | None = Field(
        None,
        description="PostgreSQL 15 to 18, of several hosts the one that takes writes; none: a private one is started below data_dir.",
        examples=["postgresql://callcenter@db1.example:5432,db2.example:5432/callcenter"],
    )
    postgres_binaries: Path | None = Field(
        None,
        description="Folder with initdb and postgres for the private database; none: found by itself.",
        examples=["/usr/lib/postgresql/17/bin"],
    )
    host: str = Field(
        "127.0.0.1", description="Address of the console and the API; others need a certificate."
    )
    port: Port = Field(8000, description="Port of the console and the API.")
    head_within_s: Seconds = Field(
        10.0,
        description="How long the head of a request to the API may take, in seconds; then 408.",
    )
    tls_certificate: Path | None = Field(
        None,
        description="PEM file with the certificate and its chain (callcenter certificate makes one).",
        examples=["var/certificates/server.pem"],
    )
    tls_key: Path | None = Field(
        None, description="PEM file with its key.", examples=["var/certificates/server-key.pem"]
    )
    public_origins: tuple[Origin, ...] = Field(
        (),
        description="Addresses that browsers use for this server, where a proxy stands before it or its certificate does not say.",
    )
    trusted_proxies: tuple[Network, ...] = Field(
        (),
        description="Addresses or networks of proxies; of nobody else X-Forwarded-For and -Proto are believed.",
    )
    timezone: Annotated[str, AfterValidator(_zone)] = Field(
        "Asia/Shanghai", description="Time zone of the site: texts, prints and reports use it."
    )
    language: Literal["zh-CN", "en"] = Field(
        "zh-CN", description="Language of new users and of pages before the log-in: zh-CN or en."
    )
    metrics_token: SecretStr | None = Field(
        None,
        description="Bearer token that reads /metrics from other machines; none: this machine only.",
        examples=["a long random word"],
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="debug, info, warning or error."
    )
    log_format: Literal["json", "lines"] = Field(
        "json", description="json: one object per line; lines: for a person's eyes."
    )
    demo: bool = Field(
        False,
        description="Set by `callcenter demo`: invented people, virtual devices, the sandbox only.",
    )
    exercise: bool = Field(
        False,
        description="Set by `callcenter replay --serve`: a night for training, marked on every page, the sandbox only.",
    )
    listeners: tuple[ListenerSettings, ...] = Field(
        (
            ListenerSettings(format="dc09", transport=Transport.TCP, port=8002),
            ListenerSettings(format="dc09", transport=Transport.UDP, port=8002),
        ),
        description="Where devices are listened to; signals over HTTP come to the port of the API.",
    )
    sources: tuple[SourceSettings, ...] = Field(
        (),
        description='HTTP sources that are not as usual: { name = "phones", timezone = "UTC", datum = "gcj02" }.',
    )
    telephony: TelephonySection | None = Field(
        None,
        description="The exchange that telephone lines end at; none: calls are filed by hand. Its table stands below.",
        examples=[{"password": "a long random word"}],
    )
    sms: SmsSettings = SmsSettings()
    voice: VoiceSettings = VoiceSettings()
    alarm: AlarmSettings = AlarmSettings()
    office: OfficeSettings = OfficeSettings()
    log_in: LogInSettings = LogInSettings()
    liveness: LivenessSettings = LivenessSettings()
    seats: SeatSettings = SeatSettings()
    queue: QueueSettings = QueueSettings()
    several: SeveralSettings = SeveralSettings()
    imports: ImportSettings = ImportSettings()
    site: SiteSettings = SiteSettings()
    recordings: RecordingSettings = RecordingSettings()
    retention: RetentionSettings = RetentionSettings()
    limits: LimitSettings = LimitSettings()
    requests: RequestSettings = RequestSettings()
    disk: DiskSettings = DiskSettings()
    backup: BackupSettings = BackupSettings()
    field: FieldSettings = FieldSettings()
    devices: DeviceSettings = DeviceSettings()

    @property
    def recordings_folder(self) -> Path:
        """Where what was said on the telephone lies, sealed."""
        return self.recordings.folder or self.data_dir / "recordings"

    @property
    def backup_folder(self) -> Path:
        """Where copies are put unless a command says otherwise."""
        return self.backup.to or self.data_dir / "backups"

    @field_validator("database_url")
    @classmethod
    def _is_postgres(cls, value: SecretStr | None) -> SecretStr | None:
        text = value.get_secret_value() if value else None
        if text and not text.startswith(("postgresql://", "postgres://")):
            raise ValueError("must begin with postgresql://")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("tls_certificate and tls_key belong together")
        if not self.tls_certificate and not is_loopback(self.host):
            raise ValueError(
                f"host = {self.host!r} can be reached from outside, so tls_certificate and tls_key "
                "are needed (callcenter certificate makes them)"
            )
        _require_safe_field(self.field, demo=self.demo)
        if self.demo and not is_loopback(self.host):
            raise ValueError("the demo is for this machine only: everybody knows its passwords")
        if any(not _below(each, self.several.cookie_domain) for each in self.several.servers):
            raise ValueError(
                f"several.cookie_domain = {self.several.cookie_domain!r} is not above all several.servers"
            )
        if self.demo and self.database_url is not None:
            raise ValueError("the demo keeps to its private database; leave database_url out")
        if self.demo and any(gateway.kind != "sandbox" for gateway in self.sms.gateways):
            raise ValueError(
                "the demo sends to the sandbox only: its numbers may belong to somebody; "
                "leave sms.gateways out"
            )
        if self.exercise and (
            self.database_url is not None
            or any(gateway.kind != "sandbox" for gateway in self.sms.gateways)
        ):
            raise ValueError(
                "an exercise keeps to its own database and to the sandbox: it presses for real people; "
                "leave database_url and sms.gateways out"
            )
        return self

    @model_validator(mode="after")
    def _rings_safely(self) -> Self:
        if self.telephony is not None:
            _require_safe_telephony(self, self.telephony)
        return self

    def listening_port(self, wire_format: str, transport: str) -> int | None:
        """The port of the first such listener, for devices on this machine; None where there is none."""
        wanted = (wire_format, transport)
        ports = (each.port for each in self.listeners if (each.format, each.transport) == wanted)
        return next(ports, None)

    @property
    def public_names(self) -> tuple[str, ...]:
        """Names and addresses in the public origins."""
        hosts = (
            urlsplit(origin).hostname for origin in (*self.public_origins, *self.several.servers)
        )
        return tuple(host for host in hosts if host)

    @property
    def origins(self) -> tuple[str, ...]:
        """Origins a browser may name: the public ones, else this server's own address."""
        scheme = "https" if self.tls_certificate else "http"
        names = {self.host, "localhost", "127.0.0.1"} if is_loopback(self.host) else {self.host}
        own = (f"{scheme}://{_bracketed(name)}:{self.port}" for name in sorted(names))
        return (*self.public_origins, *self.several.servers, *own)


def _require_safe_field(field: FieldSettings, *, demo: bool) -> None:
    """Raises ValueError for a second listener that strangers could listen in on, or that of a demo which is open to them."""
    if (field.tls_certificate is None) != (field.tls_key is None):
        raise ValueError("field.tls_certificate and field.tls_key belong together")
    if field.public_url and field.public_url.startswith("http://"):
        name = field.public_name or ""
        if not is_loopback(name):
            raise ValueError(
                f"field.public_url = {field.public_url!r}: the link opens an incident, so it must begin with https://"
            )
    if not field.listen or is_loopback(field.address[0]):
        return
    if demo:
        raise ValueError(
            "the demo is for this machine only: leave field.listen on a loopback address"
        )
    if not field.tls_certificate and not field.trusted_proxies:
        raise ValueError(
            f"field.listen = {field.listen!r} can be reached from outside, so field.tls_certificate and field.tls_key are needed, "
            "or field.trusted_proxies with the addresses that alone may call"
        )


def _require_safe_telephony(
    settings: Settings, telephony: AsteriskSection | SimulatedSection
) -> None:
    """Raises ValueError where a trial could dial an emergency number, for ports that are taken, and where a site would have invented calls."""
    if isinstance(telephony, AsteriskSection):
        _require_safe_asterisk(settings, telephony)
    elif not settings.demo:
        raise ValueError(
            "telephony.kind: simulated calls are for the demo alone; a site has an exchange (asterisk) or none"
        )


def _require_safe_asterisk(settings: Settings, telephony: AsteriskSection) -> None:
    if telephony.in_service and (settings.demo or settings.exercise):
        raise ValueError(
            "telephony.in_service: a demo or an exercise never dials an emergency number; leave it out"
        )
    if settings.queue.pick_up_s >= telephony.server_within_s:
        raise ValueError(
            f"queue.pick_up_s: after {telephony.server_within_s} s (telephony.server_within_s) the exchange believes that no server is there"
        )
    taken = {"port": settings.port}
    if settings.field.listen:
        taken["field.listen"] = settings.field.address[1]
    for number, listener in enumerate(settings.listeners):
        taken[f"listeners.{number}.port"] = listener.port
    first, last = telephony.rtp
    for name, port in taken.items():
        if other := next((each for each, own in telephony.ports.items() if own == port != 0), None):
            raise ValueError(f"{other}: {port} is {name} already")
        if name.startswith("listeners") and first <= port <= last:
            raise ValueError(f"telephony.rtp: {port} between {first} and {last} is {name} already")


def _below(origin: str, domain: str | None) -> bool:
    name = urlsplit(origin).hostname or ""
    return domain is None or name == domain or name.endswith(f".{domain}")


def is_loopback(host: str) -> bool:
    """Whether an address to bind to is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def find_file(environ: Mapping[str, str]) -> Path | None:
    """The file named by CALLCENTER_CONFIG, else ./callcenter.toml where there is one."""
    if named := environ.get(CONFIG_VARIABLE):
        return Path(named)
    here = Path(FILE_NAME)
    return here if here.exists() else None


def load(
    file: Path | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Settings:
    """Settings of this start; `overrides` are top-level values given on the command line. Raises Misconfigured."""
    environ = os.environ if environ is None else environ
    path = file or find_file(environ)
    values = _read_file(path) if path else {}
    origins = {key: f"{path}: {'.'.join(key)}" for key in _leaves(values)}
    for key, variable, text in _from_environment(environ):
        _put(values, key, text)
        origins[key] = f"environment: {variable}"
    for name, value in (overrides or {}).items():
        values[name] = value
        origins[(name,)] = f"command line: {name}"
    place = partial(_place, origins=origins, path=path)
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise Misconfigured("\n".join(_explain(error, place))) from None
    if mistakes := list(_mistaken_options(settings, place)):
        raise Misconfigured("\n".join(mistakes))
    return settings


def _mistaken_options(settings: Settings, place: Place) -> Iterator[str]:
    for number, listener in enumerate(settings.listeners):
        try:
            _ = listener.options
        except ValidationError as error:
            yield from _explain(error, place, ("listeners", str(number)))


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Misconfigured(f"{path}: cannot be read: {error}") from error


def _leaves(values: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, (*above, name))
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            yield (*above, name)
            numbered = {str(number): each for number, each in enumerate(value)}
            yield from _leaves(numbered, (*above, name))
        else:
            yield (*above, name)


def _from_environment(environ: Mapping[str, str]) -> Iterator[tuple[tuple[str, ...], str, Any]]:
    """Key, variable and value of every CALLCENTER_ variable; lists are written as JSON."""
    for variable, text in environ.items():
        if not variable.startswith(PREFIX) or variable == CONFIG_VARIABLE:
            continue
        key = tuple(variable.removeprefix(PREFIX).lower().split("__"))
        value: Any = text
        if text.startswith("["):
            try:
                value = orjson.loads(text)
            except ValueError as error:
                raise Misconfigured(f"environment: {variable}: not a JSON list: {error}") from error
        yield key, variable, value


def _put(values: dict[str, Any], key: tuple[str, ...], value: Any) -> None:
    for name in key[:-1]:
        inner = values.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        values = inner
    values[key[-1]] = value


Place = Callable[[tuple[str, ...]], str]
"""File or variable, and key, of a setting."""


def _explain(error: ValidationError, place: Place, above: tuple[str, ...] = ()) -> Iterator[str]:
    """One line per mistake: where it stands, its key, what is wrong. Values are left out: they may be secrets."""
    for mistake in error.errors(include_input=False, include_url=False):
        names = (*above, *(str(part) for part in mistake["loc"]))
        if names[:1] == ("telephony",) and names[1:2] in {(kind,) for kind in _KINDS}:
            names = (names[0], *names[2:])  # the kind of the section is no key
        reason = "unknown key" if mistake["type"] == "extra_forbidden" else mistake["msg"]
        reason = reason.removeprefix("Value error, ")
        yield f"{place(names)}: {reason}"


def _place(
    names: tuple[str, ...], *, origins: Mapping[tuple[str, ...], str], path: Path | None
) -> str:
    for length in range(len(names), 0, -1):
        if found := origins.get(names[:length]):
            return ".".join((found, *(names[length:] if _has_name(names[length:]) else ())))
    where = str(path) if path else "settings"
    return f"{where}: {'.'.join(names)}" if names else where


def _has_name(rest: tuple[str, ...]) -> bool:
    """Whether more is known than the place in a list."""
    return any(not each.isdigit() for each in rest)


def example() -> str:
    """callcenter.toml with every key, its meaning and its default; docs/operating keeps a copy."""
    head = [
        "# Every setting with its default. Copy what differs to callcenter.toml; the server looks for it in the",
        f"# folder it starts in, or where {CONFIG_VARIABLE} says. Each can also come from the environment:",
        f"# port as {PREFIX}PORT, log_level as {PREFIX}LOG_LEVEL, lists as JSON. Check with: callcenter check-config",
    ]
    top: list[str] = []
    sections: list[str] = []
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, Section):
            section = type(field.default)
            sections += ["", f"# {section.__doc__}", f"[{name}]", *_lines(section.model_fields)]
        elif name == "listeners":
            sections += _listener_tables(field.default)
        elif name not in ("demo", "exercise"):
            top += _lines({name: field})
    return "\n".join([*head, *top, *sections, *_telephony_lines()]) + "\n"


def _telephony_lines() -> Iterator[str]:
    """Commented tables: most sites have no exchange, or begin without."""
    tables: list[tuple[str, type[BaseModel]]] = [
        ("[telephony]", AsteriskSection), ("[[telephony.trunks]]", Trunk), ("[[telephony.desk_phones]]", DeskPhone),
    ]  # fmt: skip
    for head, table in tables:
        yield from ("", f"# {table.__doc__}", f"#   {head}")
        for name, field in table.model_fields.items():
            if f"[[telephony.{name}]]" in dict(tables):
                continue
            is_shown = field.default not in (PydanticUndefined, None, "")
            value = field.default if is_shown else _example(field)
            yield f"#   {'' if is_shown or field.is_required() else '# '}{name} = {_toml(value)}  # {field.description}"


def _listener_tables(listeners: tuple[ListenerSettings, ...]) -> Iterator[str]:
    """The first with what each key means."""
    yield from ("", f"# {ListenerSettings.__doc__}")
    for number, listener in enumerate(listeners):
        fields = ListenerSettings.model_fields | type(listener.options).model_fields
        values = listener.model_dump(mode="json") | listener.options.model_dump(mode="json")
        yield "[[listeners]]"
        for name, field in fields.items():
            if not number:
                yield f"# {field.description}"
            shown = values[name]
            yield f"# {name} = {_toml('')}" if shown is None else f"{name} = {_toml(shown)}"


def _lines(fields: Mapping[str, FieldInfo]) -> Iterator[str]:
    for name, field in fields.items():
        yield f"# {field.description}"
        if field.default is None:
            yield f"# {name} = {_toml(_example(field))}"
        else:
            yield f"{name} = {_toml(field.default)}"
        if name == "gateways":
            yield from _gateway_lines()


def _gateway_lines() -> Iterator[str]:
    """One commented table for each kind of gateway that needs to be set."""
    union, *_ = get_args(GatewaySettings)
    for kind in get_args(union):
        if not any(field.is_required() for field in kind.model_fields.values()):
            continue
        yield f"# Instead: {kind.__doc__}"
        yield "#   [[sms.gateways]]"
        for name, field in kind.model_fields.items():
            value = (
                field.default if field.default not in (PydanticUndefined, "") else _example(field)
            )
            yield f"#   {name} = {_toml(value)}  # {field.description}"


def _example(field: FieldInfo) -> Any:
    return field.examples[0] if field.examples else ""


def _toml(value: Any) -> str:
    match value:
        case Path():
            return _toml(str(value))
        case tuple():
            return f"[{', '.join(map(_toml, value))}]"
        case dict():
            inner = ", ".join(f"{name} = {_toml(each)}" for name, each in value.items())
            return f"{{ {inner} }}" if inner else "{}"
        case ipaddress.IPv4Address():
            return _toml(str(value))
        case BaseModel():
            return f'{{ kind = "{value.model_dump()["kind"]}" }}'
        case _:
            return orjson.dumps(value).decode()
