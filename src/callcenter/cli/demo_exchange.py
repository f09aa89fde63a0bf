"""The exchange of the demo: a real Asterisk where one is found, on this machine alone, with one telephone for everybody outside.

Whoever is rung by the centre, and whoever rings it, is the page of the demo: it says by a header whose number it rings from, and is told
by one whose number is rung.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, Final

from pydantic import SecretStr

from callcenter.demo.community.hotline import GREEN, HOTLINE, RED
from callcenter.telephony.pbxs.asterisk.section import OUTSIDE, AsteriskSection

FOLDER_VARIABLE: Final = "ASTERISK_FOLDER"
BESIDE: Final = Path(".tools/asterisk")
"""Where `make exchange` puts one, below the folder of the sources."""
SYSTEM: Final = Path("/usr/lib")
"""Below which a system puts its modules."""
STANDS_FOR_120: Final = "950120"
RTP: Final = (30_000, 30_999)
"""Away from where demos of tests listen. Two demos share them: each takes what is free."""
_VERSION: Final = re.compile(r"Asterisk (\d+)")
_OLDEST: Final = 22


@dataclass(frozen=True, slots=True)
class Installed:
    """`program` starts it; `modules` is where its modules lie."""

    program: Path
    modules: Path


def find(sources: Path) -> Installed | None:
    """That in the folder which ASTERISK_FOLDER names and no other (empty: none), else that of `make exchange`, else that of the system."""
    named = os.environ.get(FOLDER_VARIABLE)
    if named is not None:
        return _in(Path(named)) if named else None
    return _in(sources / BESIDE) or next(_of_the_system(), None)


def _in(folder: Path) -> Installed | None:
    if not (folder / "asterisk").exists():
        return None
    modules = folder / "usr/lib/x86_64-linux-gnu/asterisk/modules"
    return Installed((folder / "asterisk").resolve(), modules.resolve())


def _of_the_system() -> Iterator[Installed]:
    system = shutil.which("asterisk")
    if system is not None and _is_new_enough(system):
        for modules in SYSTEM.glob("**/asterisk/modules"):
            yield Installed(Path(system), modules)


def _is_new_enough(program: str) -> bool:
    said = subprocess.run([program, "-V"], capture_output=True, text=True, check=False).stdout
    version = _VERSION.search(said)
    return version is not None and int(version[1]) >= _OLDEST


def section_of(installed: Installed, folder: Path) -> AsteriskSection:
    """On ports that are free now, with passwords of this start. Nobody is ever rung at an emergency number: 120 rings the page."""
    return AsteriskSection(
        name="demo",
        folder=folder,
        modules=installed.modules,
        http=f"127.0.0.1:{_free_port()}",
        password=SecretStr(secrets.token_urlsafe(24)),
        sip_address=IPv4Address("127.0.0.1"),
        sip_port=_free_port(),
        rtp=RTP,
        stands_for={"120": STANDS_FOR_120},
        outside_password=SecretStr(secrets.token_urlsafe(24)),
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def command(installed: Installed, section: AsteriskSection) -> tuple[str, ...]:
    """How it is started, in the foreground."""
    conf = section.folder / "etc" / "asterisk.conf"
    return (str(installed.program), "-C", str(conf), "-f", "-n")


def told(section: AsteriskSection) -> Mapping[str, str]:
    """What the processes of the demo find in their environment."""
    values = {
        "NAME": section.name,
        "FOLDER": str(section.folder),
        "MODULES": str(section.modules),
        "HTTP": section.http,
        "PASSWORD": section.password.get_secret_value(),
        "SIP_ADDRESS": str(section.sip_address),
        "SIP_PORT": str(section.sip_port),
        "RTP": json.dumps(section.rtp),
        "STANDS_FOR__120": STANDS_FOR_120,
    }
    if section.outside_password is not None:
        values["OUTSIDE_PASSWORD"] = section.outside_password.get_secret_value()
    return {f"CALLCENTER_TELEPHONY__{name}": value for name, value in values.items()}


def way(section: AsteriskSection | None) -> Mapping[str, Any] | None:
    """With which the page registers. None: there is no exchange, or a site's own, and calls cannot be rung."""
    if section is None or section.outside_password is None:
        return None
    return {
        "url": f"ws://{section.http}/ws",
        "name": OUTSIDE,
        "password": section.outside_password.get_secret_value(),
        "lines": {"red": RED, "green": GREEN, "hotline": HOTLINE},
        "stands_for_120": STANDS_FOR_120,
    }
