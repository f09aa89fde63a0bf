"""Tries the bundle in a bare Debian without network: a root of the smallest packages (mmdebstrap), its own network, mounts and
processes (unshare). As root; needs mmdebstrap and a mirror of Debian for the root alone. Run by `make bundle-test`.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
SUITE: Final = "bookworm"
LONGEST_S: Final = 1500
_ENTER: Final = """
ip link set lo up
mount -t proc proc "$1/proc"
mount --rbind /dev "$1/dev"
exec chroot "$1" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root sh -eu /trial.sh
"""


def mirror() -> str:
    """Where this machine has its Debian packages from. Ends the program where apt names none."""
    found = [*Path("/etc/apt/sources.list.d").glob("*.sources"), Path("/etc/apt/sources.list")]
    text = "\n".join(path.read_text() for path in found if path.is_file())
    said = re.search(r"^(?:URIs:\s*|deb\s+(?:\[[^\]]*\]\s*)?)(\S+)", text, re.MULTILINE)
    if said is None:
        raise SystemExit("bundle-test: apt names no mirror of Debian here")
    return said[1]


def make_root(folder: Path, kept: Path | None) -> None:
    """The smallest Debian, made or unpacked from what was kept."""
    if kept is None or not kept.exists():
        made = str(kept or folder)
        subprocess.run(
            ["mmdebstrap", "--quiet", "--variant=minbase", SUITE, made, mirror()],  # noqa: S607 - of the system
            check=True,
        )
    if kept is not None:
        subprocess.run(["tar", "-C", str(folder), "-xf", str(kept)], check=True)  # noqa: S607 - likewise
    folder.chmod(0o755)


def main() -> int:
    """The exit code of the trial."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, help="a tar of the root, made at the first time")
    options = parser.parse_args()
    if os.geteuid() != 0 or shutil.which("mmdebstrap") is None:
        sys.stderr.write("bundle-test: run as root, with mmdebstrap (apt-get install mmdebstrap)\n")
        return 2
    (bundle,) = (ROOT / "dist").glob("*-bundle.tar.gz")
    with tempfile.TemporaryDirectory(prefix="callcenter-bare-") as made:
        root = Path(made) / "root"
        root.mkdir()
        make_root(root, options.root)
        (root / "bundle").mkdir(exist_ok=True)
        subprocess.run(["tar", "-C", str(root / "bundle"), "-xzf", str(bundle)], check=True)  # noqa: S607 - likewise
        shutil.copy2(ROOT / "packaging/trial.sh", root / "trial.sh")
        alone = ["unshare", "--mount", "--net", "--pid", "--fork", "--kill-child"]
        command = [*alone, "sh", "-euc", _ENTER, "sh", str(root)]
        return subprocess.run(command, check=False, timeout=LONGEST_S).returncode


if __name__ == "__main__":
    sys.exit(main())
