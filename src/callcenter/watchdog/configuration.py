"""The watchdog's own file (TOML): where the server is, what it presses with, and how it raises its own alarm."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from callcenter.core.errors import Misconfigured

Language = Literal["zh-CN", "en"]
Seconds = Annotated[float, Field(gt=0, le=86_400)]


class Section(BaseModel):
    """A misspelt key is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HttpPress(Section):
    """JSON over HTTP, as elder phones press (docs/protocols/http-json.md)."""

    by: Literal["http"] = "http"
    device: str
    token: SecretStr
    """Bearer token of its source."""


class Dc09Press(Section):
    """SIA DC-09 over TCP, as diallers press."""

    by: Literal["dc09"]
    device: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{3,16}$")]
    """Its account."""
    host: str
    port: Annotated[int, Field(ge=1, le=65_535)]


class Webhook(Section):
    """A POST with what was found, as JSON."""

    kind: Literal["webhook"]
    url: str
    headers: dict[str, SecretStr] = {}


class Email(Section):
    """By SMTP; STARTTLS unless `plain`."""

    kind: Literal["email"]
    host: str
    port: int = 587
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str
    recipients: Annotated[list[str], Field(min_length=1)]
    plain: bool = False


class Sms(Section):
    """By a Kannel of the watchdog's own: `url` is its sendsms address."""

    kind: Literal["sms"]
    url: str
    user: str
    password: SecretStr
    sender: str = ""
    recipients: Annotated[list[str], Field(min_length=1)]


class Relay(Section):
    """A command with its arguments, never by a shell: a siren, a lamp. `{event}` in an argument is `alarm`, `again`, `clear` or
    `trial`.
    """

    kind: Literal["command"]
    command: Annotated[list[str], Field(min_length=1)]


Way = Annotated[Webhook | Email | Sms | Relay, Field(discriminator="kind")]


class Configuration(Section):
    """`servers`: one or several addresses of the same site; the first that answers is used."""

    servers: Annotated[list[str], Field(min_length=1)]
    token: SecretStr
    csrf: SecretStr
    press: Annotated[HttpPress | Dc09Press, Field(discriminator="by")]
    name: str = "watchdog"
    language: Language | None = None
    """None: both, Chinese first."""
    ca_file: Path | None = None
    every_s: Seconds = 60.0
    within_s: Seconds = 20.0
    """In which time a circle must close."""
    retry_s: Seconds = 15.0
    """After a circle that did not close the next one comes this soon."""
    failures: Annotated[int, Field(ge=1, le=20)] = 2
    """Circles in a row that do not close until the alarm is raised."""
    repeat_s: Seconds = 900.0
    """The alarm is said again this often while it lasts."""
    state_file: Path | None = None
    """None: beside this file, as watchdog-state.json."""
    ways: list[Way] = []


def read_configuration(path: Path) -> Configuration:
    """Raises Misconfigured with file, key and reason."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        found = Configuration.model_validate(content)
        beside = path.with_name("watchdog-state.json")
        return found if found.state_file else found.model_copy(update={"state_file": beside})
    except OSError as error:
        raise Misconfigured(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Misconfigured(f"{path}: this is no TOML: {error}") from error
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise Misconfigured(f"{path}: {where}: {first['msg']}") from error
