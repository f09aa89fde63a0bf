"""The page of phones brings its own files, found by what they name, and none of a seat's."""

from __future__ import annotations

from pathlib import Path

from callcenter.api.outside.pages import files_of_phones


def build(folder: Path) -> None:
    """As the bundler leaves it: two pages that share a chunk."""
    files = {
        "index.html": '<script type="module" src="/assets/index-9z.js"></script>',
        "m.html": '<link rel="manifest" href="/m.webmanifest"><link rel="icon" href="/favicon.svg"><a href="/index.html">x</a>'
        '<script type="module" src="/assets/m-1a.js"></script>',
        "m.html.br": "packed",
        "m-worker.js": 'importScripts("/assets/queue-2b.js")',
        "m.webmanifest": '{"icons": [{"src": "/m-icon.png"}]}',
        "m-icon.png": "png",
        "favicon.svg": "<svg/>",
        "print.css": "",
        "assets/m-1a.js": 'import{a}from"./shared-3c.js";const d=["assets/job-4d.js","assets/job-4d.css"]',
        "assets/shared-3c.js": "export const a=1",
        "assets/shared-3c.js.br": "packed",
        "assets/job-4d.js": "",
        "assets/job-4d.css": "src:url(/assets/font-5e.woff2)",
        "assets/font-5e.woff2": "m-1a.js seat-6f.js",
        "assets/queue-2b.js": "",
        "assets/index-9z.js": 'import"./shared-3c.js";import("./seat-6f.js")',
        "assets/seat-6f.js": "",
    }
    (folder / "assets").mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text)


def test_all_that_it_names_and_what_these_name(tmp_path: Path):
    build(tmp_path)
    assert files_of_phones(tmp_path) == {
        "m.html",
        "m.webmanifest",
        "m-worker.js",
        "m-icon.png",
        "favicon.svg",
        "assets/m-1a.js",
        "assets/shared-3c.js",
        "assets/job-4d.js",
        "assets/job-4d.css",
        "assets/font-5e.woff2",
        "assets/queue-2b.js",
    }


def test_without_the_page_there_is_none_of_it(tmp_path: Path):
    build(tmp_path)
    (tmp_path / "m.html").unlink()
    assert files_of_phones(tmp_path) == frozenset()
    assert files_of_phones(tmp_path / "nowhere") == frozenset()
