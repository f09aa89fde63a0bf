"""One tree of errors. The API handler knows only the root.

CallCenterError          500  internal
├── Invalid              422  invalid          the content can never be accepted
├── Unauthenticated      401  unauthenticated  nobody is logged in, or a signature is wrong
├── Forbidden            403  forbidden        logged in, but not for this role or region
├── NotFound             404  not_found
├── Conflict             409  conflict         somebody was faster, or the state does not allow it
├── TooManyAttempts      429  too_many_attempts
├── Unavailable          503  unavailable      cannot be stored now; try again
└── Misconfigured        500  misconfigured    the start is refused: file, key and reason
"""

from __future__ import annotations


class CallCenterError(Exception):
    """What was wrong, with which value, and what to do; `code` is stable and is what the console translates."""

    status_code = 500
    code = "internal"

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


class Misconfigured(CallCenterError):
    code = "misconfigured"
