"""Writes deploy/asterisk/etc: the configuration of an exchange as `callcenter telephony configure` makes it for the sample site beside it."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from callcenter.telephony.pbxs.asterisk.configuring import files
from callcenter.telephony.pbxs.asterisk.section import AsteriskSection

EXAMPLE: Final = Path(__file__).parents[1] / "deploy" / "asterisk"


def expected() -> Mapping[str, str]:
    """Texts of the files by their names."""
    sample = tomllib.loads((EXAMPLE / "callcenter.toml").read_text("utf-8"))
    return files(AsteriskSection.model_validate(sample["telephony"]))


def main() -> int:
    """Write them anew; what is no longer made goes."""
    etc, texts = EXAMPLE / "etc", expected()
    etc.mkdir(exist_ok=True)
    for stale in {each.name for each in etc.iterdir()} - set(texts):
        (etc / stale).unlink()
    for name, text in texts.items():
        (etc / name).write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
