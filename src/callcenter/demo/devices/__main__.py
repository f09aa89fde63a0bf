"""`python -m callcenter.demo.devices`: the virtual devices, without the rest of the command line."""

from __future__ import annotations

import argparse
from pathlib import Path
from urllib.parse import urlsplit

from callcenter.demo.devices.fleet import Addresses
from callcenter.demo.devices.process import Config, default_server_command, run


def main() -> int:
    """Read the options and run."""
    parser = argparse.ArgumentParser(prog="python -m callcenter.demo.devices", description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=Path("var"))
    parser.add_argument("--server", default="http://127.0.0.1:8000", help="origin of the server")
    parser.add_argument("--dc09", default="127.0.0.1:8002", help="its DC-09 listener, host:port")
    parser.add_argument("--host", default="127.0.0.1", help="address of the demo page")
    parser.add_argument("--port", type=int, default=8001, help="port of the demo page")
    options = parser.parse_args()
    dc09_host, _, dc09_port = options.dc09.rpartition(":")
    server_port = urlsplit(options.server).port or 80
    return run(
        Config(
            data_dir=options.data_dir,
            addresses=Addresses(options.server, dc09_host, int(dc09_port)),
            host=options.host,
            port=options.port,
            server_command=default_server_command(options.data_dir, server_port),
        )
    )


if __name__ == "__main__":
    raise SystemExit(main())
