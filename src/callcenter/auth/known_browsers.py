"""Browsers that somebody has logged in with before: a signed cookie that opens nothing and proves nothing but that.

Who guesses passwords makes strangers wait. The cookie gives its browser a lane of its own for the log-ins it was used for, so
that nobody keeps the people of the site away from their seats (OWASP: device cookies).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

COOKIE: Final = "callcenter_browser"
LASTS: Final = timedelta(days=180)
"""After the last log-in of somebody they are a stranger to this browser again."""
MOST_PEOPLE: Final = 24
"""Who use one browser; a seat has three shifts and their stand-ins."""

_ID: Final = re.compile(r"[A-Za-z0-9_-]{16}")
_MARK: Final = re.compile(r"(\d{1,7})-([A-Za-z0-9_-]{22})")
_ID_BYTES: Final = 12
_MAC_BYTES: Final = 16


class KnownBrowsers:
    """Signs with a key of this installation. A cookie is the browser's id and one mark (day and signature) a log-in."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def recognise(self, cookie: str, login: str, today: date) -> str | None:
        """The browser's id if this log-in was used with it; None for a stranger."""
        browser, marks = _parts(cookie)
        oldest = (today - LASTS).toordinal()
        for day, mac in marks:
            if hmac.compare_digest(mac, self._mac(browser, login, day)) and day >= oldest:
                return browser
        return None

    def remember(self, cookie: str, login: str, today: date) -> str:
        """The cookie after somebody's right password."""
        browser, marks = _parts(cookie)
        browser = browser or secrets.token_urlsafe(_ID_BYTES)
        others = [
            (day, mac)
            for day, mac in marks
            if not hmac.compare_digest(mac, self._mac(browser, login, day))
        ]
        day = today.toordinal()
        kept = [(day, self._mac(browser, login, day)), *others][:MOST_PEOPLE]
        return ".".join([browser, *(f"{day}-{mac}" for day, mac in kept)])

    def _mac(self, browser: str, login: str, day: int) -> str:
        said = "\0".join((COOKIE, browser, str(day), login)).encode("utf-8", "surrogatepass")
        whole = hmac.new(self._key, said, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(whole[:_MAC_BYTES]).rstrip(b"=").decode()


def _parts(cookie: str) -> tuple[str, list[tuple[int, str]]]:
    """Id and marks; of what is no such cookie nothing."""
    browser, *marks = cookie.split(".")[: MOST_PEOPLE + 1]
    return (browser, list(_marks(marks))) if _ID.fullmatch(browser) else ("", [])


def _marks(texts: list[str]) -> Iterator[tuple[int, str]]:
    for text in texts:
        if found := _MARK.fullmatch(text):
            yield int(found[1]), found[2]
