"""What the database may answer besides rows: that it is away, or that it will not have this one."""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from callcenter.core.errors import Unavailable

AWAY: Final = (DBAPIError, OSError, Unavailable)
"""But for `OF_THE_ROW`: whatever else it says, all that waits goes on waiting."""
OF_THE_ROW: Final = (DataError, IntegrityError)
"""It is there, and refuses this one: whatever comes after it must not wait for that."""
