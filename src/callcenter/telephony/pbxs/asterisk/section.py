"""What a site says about its Asterisk: the section `telephony` of the settings."""

from __future__ import annotations

from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints

EMERGENCY: Final = (
    "110",
    "112",
    "119",
    "120",
    "122",
    "911",
    "999",
    "12110",
    "12119",
    "12120",
    "12345",
)
"""China's numbers for police, fire, ambulance and accidents, their texts and the city's hotline; what telephones from elsewhere dial instead."""

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
    """A way to the telephone network: an exchange of the provider (SIP, IMS), or a gateway for E1, analogue or GSM lines beside this one.

    What comes from `addresses` is its; with `user` this side registers there.
    """

    name: Name
    host: Host
    port: int = Field(default=5060, ge=1, le=65535)
    transport: Literal["udp", "tcp"] = "udp"
    addresses: tuple[IPv4Address, ...] = Field(min_length=1)
    user: str = ""
    password: Password | None = None
    shows: Dialled | None = None
    """The number that whoever is rung sees, where the provider lets only one pass."""
    channels: int = Field(default=30, ge=1, le=2000)


class DeskPhone(_Part):
    """A telephone of its own beside a console, or the one of the duty room."""

    name: Name
    password: Password


class AsteriskSection(_Part):
    """Where it answers, how lines come, and what it does where nobody of this server is there."""

    kind: Literal["asterisk"] = "asterisk"
    name: Name = "pbx"
    folder: Path = Path("/var/lib/callcenter-pbx")
    modules: Path = Path("/usr/lib/x86_64-linux-gnu/asterisk/modules")
    http: str = Field(default="127.0.0.1:8088", pattern=r"^[0-9.]+:\d{1,5}$")
    user: Name = "callcenter"
    password: Password
    sip_address: IPv4Address = IPv4Address("0.0.0.0")  # noqa: S104 - telephones stand elsewhere
    """Where trunks and desk telephones reach it."""
    sip_port: int = Field(default=5060, ge=1, le=65535)
    media_address: IPv4Address | None = None
    rtp: tuple[int, int] = (20000, 20999)
    trunks: tuple[Trunk, ...] = ()
    desk_phones: tuple[DeskPhone, ...] = ()
    duty_phones: tuple[Dialled, ...] = ()
    """Rung, one after the other, where neither this server nor a seat answers."""
    emergency_numbers: tuple[Dialled, ...] = EMERGENCY
    in_service: bool = False
    """Only then may somebody at a seat dial an emergency number. Nothing else ever may."""
    stands_for: dict[Dialled, Dialled] = Field(default_factory=dict)
    """For drills and trials: who dials the first is put through to the second, which is no emergency number."""
    server_within_s: int = Field(default=8, ge=3, le=30)
    """A call that the server has not answered by then is rung at the duty phones: the server may stand still."""
