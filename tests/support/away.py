"""The port by which commands go on while the database is away, for a centre whose database never is."""

from __future__ import annotations

import shutil
import weakref
from pathlib import Path
from tempfile import mkdtemp

from callcenter.alerts.arriving.intake import Intake
from callcenter.alerts.arriving.keeping import HandOver, Keeping, to_nobody
from callcenter.alerts.board import Board
from callcenter.alerts.handling.away import Away
from callcenter.alerts.handling.carrying_out import Workbench
from callcenter.alerts.open_incidents import OpenIncidents
from callcenter.core.clock import Clock
from callcenter.core.sealed import Seal
from callcenter.core.spool import Spool

SEAL = Seal({1: bytes(32)}, 1, bytes(32))


def keeping_in(
    folder: Path, board: Board, clock: Clock, hand_over: HandOver = to_nobody
) -> Keeping:
    """Its spool takes little room."""
    spool = Spool(folder, SEAL, segment_bytes=65_536)
    return Keeping(spool, OpenIncidents(), board, clock, hand_over)


def keeping_somewhere(board: Board, clock: Clock) -> Keeping:
    """In a folder that goes with it."""
    folder = Path(mkdtemp(prefix="spool-"))
    keeping = keeping_in(folder, board, clock)
    weakref.finalize(keeping, shutil.rmtree, folder, ignore_errors=True)
    return keeping


def never_away(folder: Path, intake: Intake, bench: Workbench, board: Board, clock: Clock) -> Away:
    """The database is always asked."""
    keeping = keeping_in(folder, board, clock)
    return Away(intake, keeping, bench, is_away=lambda: False, colleagues=dict, patience_s=30)
