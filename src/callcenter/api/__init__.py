"""The HTTP side of the server: mounts the routers, one error handler."""

from callcenter.api.application import create_api, openapi_document

__all__ = ["create_api", "openapi_document"]
