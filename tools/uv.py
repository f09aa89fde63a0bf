"""Runs uv with the index settings that pip has on this machine: mirrors, extra indexes, folders of wheels, certificate.

uv does not read pip's configuration, so behind a mirror it would find nothing. What is set for uv itself stays. Every
package is named with its hash in the locks; that makes it safe to take the best match from any index.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

TOOLS = Path(__file__).parents[1] / ".tools/bin"


def _words(separator: str) -> Callable[[str], str]:
    return lambda value: separator.join(value.split())


VARIABLES: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "index-url": ("UV_DEFAULT_INDEX", str.strip),
    "extra-index-url": ("UV_EXTRA_INDEX_URL", _words(" ")),
    "find-links": ("UV_FIND_LINKS", _words(",")),
    "trusted-host": ("UV_INSECURE_HOST", _words(" ")),
    "cert": ("SSL_CERT_FILE", str.strip),
}


def parse(listing: str) -> dict[str, str]:
    """Options of `pip config list`. As in pip, install.* goes before global.*, the environment before both."""
    ranks = {"global": 0, "install": 1, ":env:": 2}
    found: dict[str, tuple[int, str]] = {}
    for line in listing.splitlines():
        key, _, quoted = line.partition("=")
        section, _, option = key.rpartition(".")
        if section not in ranks or not quoted:
            continue
        if option not in found or ranks[section] >= found[option][0]:
            found[option] = (ranks[section], ast.literal_eval(quoted))
    return {option: value for option, (_, value) in found.items()}


def environment(listing: str, environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for uv; its own variables win."""
    result = {
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_LINK_MODE": "copy",
    }
    options = parse(listing)
    for option, (variable, convert) in VARIABLES.items():
        if value := convert(options.get(option, "")):
            result[variable] = value
    if options.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        result["UV_NO_INDEX"] = "1"
    return {**result, **environ}


def main() -> None:
    command = [str(TOOLS / "python"), "-m", "pip", "config", "list"]
    listing = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    os.execve(TOOLS / "uv", ["uv", *sys.argv[1:]], environment(listing, os.environ))


if __name__ == "__main__":
    main()
