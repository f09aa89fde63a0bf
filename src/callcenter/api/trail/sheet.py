"""The trail as a file for a spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import tzinfo

from callcenter.api.trail.shown import AuditView
from callcenter.api.trail.wording import HEADINGS, Language, words_for
from callcenter.directory.spreadsheet import guarded


def csv_of(entries: Iterable[AuditView], language: Language, zone: tzinfo) -> bytes:
    """UTF-8 with BOM; a cell that a spreadsheet would take for a formula is guarded."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow([heading.in_(language) for heading in HEADINGS])
    writer.writerows([guarded(cell) for cell in _cells(each, language, zone)] for each in entries)
    return written.getvalue().encode("utf-8-sig")


def _cells(entry: AuditView, language: Language, zone: tzinfo) -> Iterator[str]:
    english = language == "en"
    yield str(entry.number or "")
    yield f"{entry.at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    yield (entry.user_name_en if english else "") or entry.user_name
    yield words_for(entry.action).in_(language)
    yield entry.action
    yield (entry.subject_name_en if english else "") or entry.subject_name
    yield entry.subject
    yield entry.address or ""
    yield json.dumps(entry.detail, ensure_ascii=False, sort_keys=True) if entry.detail else ""
