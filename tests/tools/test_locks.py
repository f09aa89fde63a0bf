"""What the lock files pin."""

from __future__ import annotations

import json

from tools.locks import Package, console_packages, everything, python_packages

LOCK = """\
# a comment
Asyncpg==0.32.0 \\
    --hash=sha256:bb \\
    --hash=sha256:aa
    # via callcenter
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:cc
pycrypto==2.6.1 ; sys_platform == 'never' \\
    --hash=sha256:dd
"""
CONSOLE = {
    "packages": {
        "": {"name": "console", "version": "0.0.0"},
        "node_modules/vue": {"version": "3.5.45", "integrity": "sha512-AAEC", "license": "MIT"},
        "node_modules/@vue/x": {"version": "1.0.0", "dev": True},
        "node_modules/vue/node_modules/@a/b": {"version": "2.0.0"},
        "node_modules/linked": {"link": True},
    }
}


def test_python_pins_have_their_hashes_and_what_is_never_installed_is_none():
    assert list(python_packages(LOCK, runs=True)) == [
        Package("PyPI", "asyncpg", "0.32.0", True, (("SHA-256", "aa"), ("SHA-256", "bb"))),
        Package("PyPI", "colorama", "0.4.6", True, (("SHA-256", "cc"),)),
    ]


def test_packages_of_the_console_are_told_from_those_that_build_it():
    vue, build, nested = console_packages(json.dumps(CONSOLE))
    assert vue == Package("npm", "vue", "3.5.45", True, (("SHA-512", "000102"),), "MIT")
    assert (build.name, build.runs, build.purl) == ("@vue/x", False, "pkg:npm/%40vue/x@1.0.0")
    assert nested.name == "@a/b"


def test_our_own_locks_are_read_whole():
    found = everything()
    assert len(found) == len({each.purl for each in found})
    names = {each.name: each for each in found}
    assert names["fastapi"].runs
    assert names["vue"].runs
    assert not names["pytest"].runs
    assert not names["eslint"].runs
    assert all(each.hashes for each in found)
