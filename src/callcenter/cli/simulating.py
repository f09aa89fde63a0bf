"""`callcenter simulate`: virtual devices, and load."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from callcenter.cli.options import ConfigFile, DataDir, read_settings
from callcenter.core.clock import SystemClock
from callcenter.core.errors import Misconfigured
from callcenter.core.logging import configure_logging
from callcenter.devices.signals import Kind
from callcenter.settings import Settings

DEVICES_FILE = "demo-devices.json"

app = typer.Typer(help="Virtual devices and load.", no_args_is_help=True)

ServerPort = Annotated[
    int | None, typer.Option("--server-port", help="Port of the server, instead of the settings'.")
]


@app.command()
def devices(
    config: ConfigFile = None,
    data_dir: DataDir = None,
    port: Annotated[
        int | None,
        typer.Option("--port", help="Port of the devices' page; default: the server's plus one."),
    ] = None,
    server_port: ServerPort = None,
) -> None:
    """Run the demo's virtual pendants, phones and detectors, and their page.

    They are real clients: they speak DC-09 and signed HTTP to the server on this machine, show "received" only when
    it has acknowledged, and repeat a press until then. A second start on the same data folder leaves at once; they end
    by themselves when no server was reached for half an hour.
    """
    from callcenter.simulation.fleet import Addresses
    from callcenter.simulation.process import Config, default_server_command, run

    settings = read_settings(config, data_dir=data_dir)
    configure_logging(settings.log_level, as_json=settings.log_format == "json")
    reached_at = server_port or settings.port
    raise typer.Exit(
        run(
            Config(
                data_dir=settings.data_dir,
                addresses=Addresses(
                    f"http://127.0.0.1:{reached_at}", "127.0.0.1", settings.dc09.tcp_port
                ),
                host="127.0.0.1",
                port=reached_at + 1 if port is None else port,
                server_command=default_server_command(settings.data_dir, reached_at),
            )
        )
    )


@app.command()
def load(
    rate: Annotated[float, typer.Option("--rate", min=0.1, help="Signals a second.")] = 20.0,
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="For how long.")] = 10.0,
    kind: Annotated[Kind, typer.Option("--kind", help="What the devices say.")] = Kind.SOS,
    config: ConfigFile = None,
    data_dir: DataDir = None,
    server_port: ServerPort = None,
) -> None:
    """Press many keys of the demo's elder phones, and print how fast the server acknowledged.

    Open loop: a signal leaves when it is due, whether or not earlier ones were answered, and its time counts from then.
    Only in a demo: every alarm opens or joins an incident.
    """
    from callcenter.simulation.load import Load, read_source, run_load

    settings = read_settings(config, data_dir=data_dir)
    credentials, identifiers = read_source(_device_list(settings))
    server = f"http://127.0.0.1:{server_port or settings.port}"
    wanted = Load(rate, seconds, identifiers, kind)
    with Progress(transient=True) as progress:
        task = progress.add_task("发送 sending", total=round(rate * seconds))
        figures = asyncio.run(
            run_load(
                server,
                credentials,
                wanted,
                SystemClock(),
                lambda sent: progress.update(task, completed=sent),
            )
        )
    for line in figures.lines():
        typer.echo(line)
    raise typer.Exit(0 if figures.acknowledged == figures.sent else 1)


def _device_list(settings: Settings) -> dict[str, object]:
    path: Path = settings.data_dir / DEVICES_FILE
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise Misconfigured(f"{path}: cannot be read ({error}); start the demo first") from error
    if not isinstance(content, dict):
        raise Misconfigured(f"{path}: a JSON object is expected")
    return content
