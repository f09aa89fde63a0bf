"""The daily copy of the office, where one is wanted."""

from __future__ import annotations

import sys

from callcenter.backups.daily import DailyCopy, command_of
from callcenter.core.supervisor import Supervisor
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part


def copies_part(ground: Ground, supervisor: Supervisor) -> Part:
    """Nothing where `backup.at` is not set."""
    settings = ground.settings
    if settings.backup.hour is None:
        return Part()
    copy = DailyCopy(
        supervisor,
        command_of(sys.executable, settings.data_dir),
        at=settings.backup.hour,
        zone=ground.zone,
        data_dir=settings.data_dir,
        place=settings.backup_folder,
    )
    return Part(processors=(copy,))
