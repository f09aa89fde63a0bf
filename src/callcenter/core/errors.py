"""One tree of errors. The API handler knows only the root.

CallCenterError          500  internal
├── Invalid              422  invalid          the content can never be accepted
├── Unauthenticated      401  unauthenticated  nobody is logged in, or a signature is wrong
├── Forbidden            403  forbidden        logged in, but not for this role or region
├── NotFound             404  not_found
├── Conflict             409  conflict         somebody was faster, or the state does not allow it
├── TooManyAttempts      429  too_many_attempts
├── Unavailable          503  unavailable      cannot be stored now; try again
├── NoRoom               507  no_room          the disk is nearly full, and this is no alarm
└── Misconfigured        500  misconfigured    the start is refused: file, key and reason
"""

from __future__ import annotations

import sys


class CallCenterError(Exception):
    """What was wrong, with which value, and what to do; `code` is stable and is what the console translates."""

    status_code = 500
    code = "internal"
    exit_code = 1
    """With which a command ends that meets it: 1 refused or failed, 75 try again later, 78 wrong settings."""

    def __init__(self, message: str, *, code: str | None = None, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.params = params


class Invalid(CallCenterError):
    status_code = 422
    code = "invalid"


class Unauthenticated(CallCenterError):
    status_code = 401
    code = "unauthenticated"


class Forbidden(CallCenterError):
    status_code = 403
    code = "forbidden"


class NotFound(CallCenterError):
    status_code = 404
    code = "not_found"


class Conflict(CallCenterError):
    status_code = 409
    code = "conflict"


class TooManyAttempts(CallCenterError):
    status_code = 429
    code = "too_many_attempts"

    def __init__(self, message: str, *, retry_after_s: float) -> None:
        super().__init__(message, retry_after_s=retry_after_s)
        self.retry_after_s = retry_after_s


class Unavailable(CallCenterError):
    status_code = 503
    code = "unavailable"
    exit_code = 75


class NoRoom(CallCenterError):
    status_code = 507
    code = "no_room"
    exit_code = 75


class Misconfigured(CallCenterError):
    code = "misconfigured"
    exit_code = 78


def tell(error: CallCenterError) -> int:
    """Say on standard error what stopped a command, in a line without a traceback; the exit code."""
    for line in error.message.splitlines():
        sys.stderr.write(f"callcenter: {line}\n")
    sys.stderr.flush()
    return error.exit_code
