"""What lies where below the data folder, for whoever writes it and whoever looks."""

from __future__ import annotations

from pathlib import Path


def place_of_spool(data_dir: Path) -> Path:
    """A folder: what the database does not have yet."""
    return data_dir / "spool"


def place_of_log_ins(data_dir: Path) -> Path:
    """A folder: log-ins and log-outs that the database does not have yet."""
    return data_dir / "spool-log-ins"


def place_of_office_spool(data_dir: Path) -> Path:
    """A folder: what gateways have said, and which texts have left, that the database does not have yet."""
    return data_dir / "spool-office"


def place_in_calls_log(data_dir: Path, pbx: str) -> Path:
    """Up to where the log of calls of this exchange was read back."""
    return data_dir / "telephone" / f"{pbx}.json"


def board_file(data_dir: Path) -> Path:
    """What the alarm process starts with while the database is away: what is open, who is logged in, what was set up."""
    return data_dir / "snapshot" / "board"


def directory_file(data_dir: Path) -> Path:
    """And who calls: regions, sources, keys, homes, devices."""
    return data_dir / "snapshot" / "directory"


def is_there(data_dir: Path) -> bool:
    """Whether both were written; whether they are of use is seen when they are read."""
    return board_file(data_dir).exists() and directory_file(data_dir).exists()
