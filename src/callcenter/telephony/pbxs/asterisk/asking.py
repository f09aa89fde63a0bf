"""Asks a running exchange what it is and lets it read its configuration anew: for commands, one request at a time.

https://docs.asterisk.org/Asterisk_22_Documentation/API_Documentation/Asterisk_REST_Interface/Asterisk_REST_API/
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import httpx

from callcenter.core.errors import Unavailable
from callcenter.telephony.pbxs.asterisk.section import AsteriskSection

WITHIN_S: Final = 5.0
RELOADED: Final = (
    "pbx_config.so",
    "res_pjsip.so",
    "res_ari.so",
    "res_musiconhold.so",
    "res_rtp_asterisk.so",
    "cel_custom.so",
)
"""Those that read what `configuring` writes."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What an exchange says of itself. `trunks` and `phones`: whether each can be reached, as far as it knows."""

    version: str
    started_at: str
    calls: int
    trunks: Mapping[str, str]
    phones: Mapping[str, str]
    consoles: int


def ask(section: AsteriskSection) -> Standing:
    """Raises Unavailable where it does not answer."""
    with _client(section) as client:
        info = _get(client, "asterisk/info")
        endpoints = _get(client, "endpoints")
        channels = _get(client, "channels")
    states = {
        each["resource"]: each["state"] for each in endpoints if each["technology"] == "PJSIP"
    }
    named = set(section.names)
    return Standing(
        version=info["system"]["version"],
        started_at=info["status"]["startup_time"],
        calls=len(channels),
        trunks=_of(states, [each.name for each in section.trunks]),
        phones=_of(states, [each.name for each in section.desk_phones]),
        consoles=sum(state == "online" for name, state in states.items() if name not in named),
    )


def reload(section: AsteriskSection) -> Sequence[str]:
    """The modules that have read anew. Raises Unavailable."""
    done = []
    with _client(section) as client:
        for module in RELOADED:
            answer = _asked(client, "PUT", f"asterisk/modules/{module}")
            if answer.status_code == httpx.codes.NO_CONTENT:
                done.append(module)
    return done


def _of(states: Mapping[str, str], names: Sequence[str]) -> Mapping[str, str]:
    return {name: states.get(name, "not configured") for name in names}


def _client(section: AsteriskSection) -> httpx.Client:
    return httpx.Client(
        base_url=f"http://{section.http}/ari/",
        auth=(section.user, section.password.get_secret_value()),
        timeout=WITHIN_S,
        trust_env=False,
    )


def _get(client: httpx.Client, path: str) -> Any:
    return _asked(client, "GET", path).json()


def _asked(client: httpx.Client, method: str, path: str) -> httpx.Response:
    try:
        answer = client.request(method, path)
    except httpx.HTTPError as error:
        raise Unavailable(f"the exchange does not answer at {client.base_url}: {error}") from error
    if answer.status_code == httpx.codes.UNAUTHORIZED:
        raise Unavailable(
            "the exchange does not know user and password of the settings: callcenter telephony configure, then reload or start it"
        )
    return answer
