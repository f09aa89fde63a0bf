"""Random secrets of this installation, made at the first start in <data>/secrets.json."""

from __future__ import annotations

import secrets as random
from dataclasses import dataclass, fields
from pathlib import Path

from callcenter.core.errors import Misconfigured
from callcenter.core.private_files import read_or_make, replace_private

FILE_NAME = "secrets.json"


@dataclass(frozen=True, slots=True)
class Secrets:
    """`hook_secret` stands in the address that an SMS gateway calls; `demo_token` opens the demo's feed; `browser_key` signs what
    known browsers carry; `family_key` signs the links in texts to families.
    """

    hook_secret: str
    demo_token: str
    browser_key: str
    family_key: str


def load_secrets(data_dir: Path) -> Secrets:
    """The installation's secrets; those that a newer version needs are added. Raises Misconfigured."""
    path = data_dir / FILE_NAME
    names = [field.name for field in fields(Secrets)]
    known = read_or_make(path, lambda: {name: random.token_urlsafe(24) for name in names})
    missing = [name for name in names if name not in known]
    if missing:
        known |= {name: random.token_urlsafe(24) for name in missing}
        replace_private(path, known)
    values = {name: known[name] for name in names}
    for name, value in values.items():
        if not isinstance(value, str) or not value:
            raise Misconfigured(f"{path}: {name}: a text is expected")
    return Secrets(**values)
