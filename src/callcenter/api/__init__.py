"""The HTTP side of the server: routers, one error handler, the alarm process's way to the office. It loads nothing by itself."""
