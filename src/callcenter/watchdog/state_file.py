"""What the watchdog must not forget when it is restarted: what it has told, and to whom it owes an all clear."""

from __future__ import annotations

import os
from pathlib import Path

import structlog
from pydantic import TypeAdapter, ValidationError

from callcenter.watchdog.alarming import Standing, fitted

log = structlog.get_logger(__name__)

_standing: TypeAdapter[Standing] = TypeAdapter(Standing)


def load_standing(path: Path, ways: int) -> Standing:
    """As it was written; a file that cannot be read is as none: an alarm told twice is better than a watchdog that ends."""
    try:
        found = _standing.validate_json(path.read_bytes())
    except FileNotFoundError:
        return fitted(Standing(()), ways)
    except (OSError, ValidationError) as error:
        log.error("watchdog_state_unreadable", path=str(path), reason=str(error)[:300])  # noqa: TRY400 - no stack helps here
        return fitted(Standing(()), ways)
    return fitted(found, ways)


def save_standing(path: Path, standing: Standing) -> None:
    """Whole, or not at all. Raises OSError."""
    beside = path.with_name(f"{path.name}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(_standing.dump_json(standing))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
