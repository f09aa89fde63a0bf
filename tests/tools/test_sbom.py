"""The SBOM says what the locks say."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tools import sbom
from tools.locks import Package

PROJECT = {"name": "callcenter", "version": "1.2.3", "description": "d", "license": "Apache-2.0"}
VUE = Package("npm", "vue", "3.5.45", True, (("SHA-512", "00ff"),), "MIT")
UNKNOWN = Package("PyPI", "no-such-package", "1.0", False)


def test_a_component_has_its_address_hashes_licence_and_whether_it_runs():
    assert sbom.component(VUE) == {
        "type": "library",
        "bom-ref": "pkg:npm/vue@3.5.45",
        "name": "vue",
        "version": "3.5.45",
        "scope": "required",
        "purl": "pkg:npm/vue@3.5.45",
        "hashes": [{"alg": "SHA-512", "content": "00ff"}],
        "licenses": [{"expression": "MIT"}],
    }


def test_of_a_licence_that_is_not_known_nothing_is_said():
    made = sbom.component(UNKNOWN)
    assert "licenses" not in made
    assert made["scope"] == "excluded"


def test_a_licence_is_that_of_the_pinned_version_alone():
    assert "licenses" not in sbom.component(Package("PyPI", "pytest", "0.0.1", False))


def test_its_serial_number_stands_for_its_content():
    one, same = (sbom.document(PROJECT, [VUE, UNKNOWN]) for _ in range(2))
    assert one == same
    assert one["serialNumber"] != sbom.document(PROJECT, [VUE])["serialNumber"]
    assert (one["bomFormat"], one["specVersion"]) == ("CycloneDX", "1.6")


def test_ours_is_written_the_same_twice_and_names_no_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    written = []
    for name in ("one.json", "two.json"):
        monkeypatch.setattr(sys, "argv", ["sbom", str(tmp_path / name)])
        assert sbom.main() == 0
        written.append((tmp_path / name).read_text("utf-8"))
    assert written[0] == written[1]
    assert str(Path.home()) not in written[0]
    references = [each["bom-ref"] for each in json.loads(written[0])["components"]]
    assert len(references) == len(set(references)) > 300
