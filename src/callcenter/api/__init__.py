"""The HTTP side of the server: mounts the routers, one error handler, the alarm process's way to the office."""

from callcenter.api.application import (
    alarm_api,
    create_api,
    is_the_alarms,
    office_api,
    openapi_document,
)

__all__ = ["alarm_api", "create_api", "is_the_alarms", "office_api", "openapi_document"]
