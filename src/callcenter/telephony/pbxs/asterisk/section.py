"""What a site says about its Asterisk: the section `telephony` of the settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    field_validator,
    model_validator,
)

from callcenter.telephony.emergency import EMERGENCY

SEAT: Final = "seat-"
"""Begins the name of the telephone of a console."""
OUTSIDE: Final = "outside"
"""In a trial, the telephone that is everybody outside."""

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
"""Of a trunk or a desk telephone: it stands in the configuration of the exchange."""
Dialled = Annotated[str, StringConstraints(pattern=r"^\+?[0-9*#]{2,20}$")]
Host = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{1,253}$")]


def _plain(secret: SecretStr) -> SecretStr:
    """A line of a configuration file ends with its line, and what follows a semicolon is a comment."""
    if any(not each.isprintable() or each == ";" for each in secret.get_secret_value()):
        raise ValueError("a semicolon or a control character would end the line it stands in")
    return secret


Password = Annotated[SecretStr, AfterValidator(_plain)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Trunk(_Part):
    """A way to the telephone network: an exchange of the provider (SIP, IMS), or a gateway for E1, analogue or GSM lines beside this one."""

    name: Name = Field(description="Small letters, digits and -.", examples=["provider"])
    host: Host = Field(description="Where calls out go to.", examples=["10.20.30.40"])
    port: int = Field(default=5060, ge=1, le=65535, description="Its SIP port.")
    transport: Literal["udp", "tcp"] = Field("udp", description="udp or tcp.")
    addresses: tuple[IPv4Address, ...] = Field(
        min_length=1,
        description="Calls in are taken from these alone.",
        examples=[("10.20.30.40",)],
    )
    user: str = Field("", description="With it this side registers there.", examples=["centre"])
    password: Password | None = Field(None, description="Its password.", examples=["change me"])
    shows: Dialled | None = Field(
        None,
        description="The number that whoever is rung sees, where the provider lets only one pass.",
        examples=["031112349"],
    )
    dials: Literal["e164", "national"] = Field(
        "e164",
        description="How numbers of China go out: +8613912345678, or 13912345678 and 031187654321 as most gateways want them.",
    )
    channels: int = Field(default=30, ge=1, le=2000, description="Calls it carries at once.")


class DeskPhone(_Part):
    """A telephone of its own beside a console, or the one of the duty room."""

    name: Name = Field(description="As its user chooses it.", examples=["desk-1"])
    password: Password = Field(
        description="With which it registers.", examples=["a long random word"]
    )


class AsteriskSection(_Part):
    """An Asterisk 22 beside this server: where it answers, how lines come, what it does where nobody of this server is there."""

    kind: Literal["asterisk"] = Field("asterisk", description="The only kind.")
    name: Name = Field("pbx", description="Stands at each call.")
    folder: Path = Field(
        Path("/var/lib/callcenter-pbx"),
        description="Its folder: etc is written by `callcenter telephony configure`, spool/recording holds recordings.",
    )
    modules: Path = Field(
        Path("/usr/lib/x86_64-linux-gnu/asterisk/modules"), description="Where its modules lie."
    )
    http: str = Field(
        default="127.0.0.1:8088",
        pattern=r"^[0-9.]+:\d{1,5}$",
        description="Where it answers this server.",
    )
    user: Name = Field("callcenter", description="As whom this server enters.")
    password: Password = Field(description="Of that.", examples=["a long random word"])
    sip_address: IPv4Address = Field(
        IPv4Address("0.0.0.0"),  # noqa: S104 - telephones stand elsewhere
        description="Where trunks and desk telephones reach it.",
    )
    sip_port: int = Field(default=5060, ge=1, le=65535, description="By UDP and TCP.")
    media_address: IPv4Address | None = Field(
        None,
        description="What telephones are told to send sound to, where a router stands between.",
        examples=["203.0.113.7"],
    )
    rtp: tuple[int, int] = Field(
        (20000, 20999),
        description="Ports of sound (UDP), first and last: two for each telephone in a call.",
    )
    trunks: tuple[Trunk, ...] = Field((), description="Tried in their order for calls out.")
    desk_phones: tuple[DeskPhone, ...] = Field((), description="Telephones on desks.")
    duty_phones: tuple[Dialled, ...] = Field(
        (),
        description="Rung, one after the other, where neither this server nor a seat answers.",
    )
    language: Literal["zh", "en"] = Field(
        "zh",
        description="In which the exchange itself speaks to whoever rings while nobody of this server is there: zh or en.",
    )
    emergency_numbers: tuple[Dialled, ...] = Field(
        EMERGENCY, description="Dialled by nobody but somebody at a seat of a site in service."
    )
    in_service: bool = Field(
        False,
        description="Only then may somebody at a seat dial an emergency number. Nothing else ever may.",
    )
    stands_for: dict[Dialled, Dialled] = Field(
        {},
        description="For trials: who dials the first is put through to the second, which is no emergency number.",
    )
    outside_password: Password | None = Field(
        None,
        description="For trials: a page that registers as `outside` with it is everybody outside, and no trunk is there.",
        examples=["a long random word"],
    )
    server_within_s: int = Field(
        default=8,
        ge=3,
        le=30,
        description="A call that the server has not answered by then is rung at the duty phones: the server may stand still.",
    )

    @field_validator("http")
    @classmethod
    def _can_be_reached(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        IPv4Address(host)
        if not 1 <= int(port) <= 65535:
            raise ValueError(f"there is no port {port}")
        return value

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        first, last = self.rtp
        if not 1024 <= first < last <= 65535:
            raise ValueError(
                f"rtp = [{first}, {last}]: the first of two ports from 1024 to 65535 and the last"
            )
        names = self.names
        if twice := next((each for each in names if names.count(each) > 1), None):
            raise ValueError(f"two trunks or desk phones have the name {twice}")
        if seat := next((each for each in names if each.startswith(SEAT)), None):
            raise ValueError(f"{seat}: names that begin with {SEAT} are those of consoles")
        self._spare_emergency_numbers()
        self._is_a_trial_or_none()
        own = IPv4Address(self.http.rpartition(":")[0])
        if name := next((each.name for each in self.trunks if own in each.addresses), None):
            raise ValueError(
                f"trunks.{name}.addresses: from {own} consoles speak as well; give the gateway an address of its own"
            )
        return self

    def _spare_emergency_numbers(self) -> None:
        """Nothing that rings by itself, and nothing in a trial, reaches one. Raises ValueError."""
        blocked = set(self.emergency_numbers)
        if missing := [each for each in EMERGENCY if each not in blocked]:
            raise ValueError(
                f"emergency_numbers: {', '.join(missing)} may be added to, and never be left out"
            )
        if found := blocked & {each.lstrip("+") for each in self.duty_phones}:
            raise ValueError(f"duty_phones: {min(found)} is an emergency number")
        if found := blocked & {each.lstrip("+") for each in self.stands_for.values()}:
            raise ValueError(f"stands_for: {min(found)} is an emergency number itself")

    def _is_a_trial_or_none(self) -> None:
        """Raises ValueError where a page is everybody outside, and somebody real could be rung as well."""
        if self.outside_password is None:
            return
        if self.trunks or self.in_service:
            raise ValueError(
                "outside_password is for trials: it goes with neither trunks nor in_service"
            )
        if OUTSIDE in self.names:
            raise ValueError(f"desk_phones: {OUTSIDE} is the name of the page that is outside")

    @property
    def names(self) -> Sequence[str]:
        """Of trunks and desk telephones: those that stand in its configuration."""
        return [*(each.name for each in self.trunks), *(each.name for each in self.desk_phones)]

    @property
    def ports(self) -> Mapping[str, int]:
        """Those that it takes for itself, by their names here."""
        return {
            "telephony.http": int(self.http.rpartition(":")[2]),
            "telephony.sip_port": self.sip_port,
        }
