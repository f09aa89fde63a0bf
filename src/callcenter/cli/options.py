"""Options that several commands share, and the way from them to settings and a database."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from callcenter.core.cluster import Cluster
from callcenter.core.errors import Misconfigured
from callcenter.core.secrets import load_secrets
from callcenter.settings import Settings, load

ConfigFile = Annotated[
    Path | None,
    typer.Option(
        "--config",
        "-c",
        metavar="FILE",
        help="Settings file; without it CALLCENTER_CONFIG or ./callcenter.toml.",
    ),
]
DataDir = Annotated[
    Path | None,
    typer.Option("--data-dir", metavar="FOLDER", help="Instead of data_dir of the settings."),
]

ROOT_HOME = Path("/var/lib/callcenter")


@dataclass(frozen=True, slots=True)
class Place:
    """A database that can be reached; `cluster` is the private one, owned or attached, if it is that."""

    dsn: str
    cluster: Cluster | None
    is_ready: bool = True
    """The private one accepts connections. Of another one nothing is known before it is asked."""


def read_settings(config: Path | None, **overrides: object) -> Settings:
    """Settings of this command; overrides that are None were not given."""
    return load(
        config, overrides={key: value for key, value in overrides.items() if value is not None}
    )


def make_data_dir(settings: Settings) -> None:
    """The data folder, closed to others, with its secrets. Raises Misconfigured."""
    try:
        settings.data_dir.mkdir(mode=0o711, parents=True, exist_ok=True)
    except OSError as error:
        raise Misconfigured(f"data_dir: {settings.data_dir} cannot be made: {error}") from error
    load_secrets(settings.data_dir)


@contextmanager
def reached_database(
    settings: Settings,
    meanwhile: Callable[[], None] = lambda: None,
    patience_s: float | None = None,
) -> Iterator[Place]:
    """The configured database, or the private one, started if nobody else runs it; `meanwhile` is done while it starts, which is
    waited for as Cluster.start says. Call it from the main thread.
    """
    if settings.database_url is not None:
        yield Place(settings.database_url.get_secret_value(), None)
        return
    cluster = _private_cluster(settings, meanwhile, patience_s)
    try:
        yield Place(cluster.dsn(), cluster, cluster.ready())
    finally:
        cluster.stop()


def _private_cluster(
    settings: Settings, meanwhile: Callable[[], None], patience_s: float | None
) -> Cluster:
    """Below the data folder; where root's PostgreSQL user cannot enter that, below /var/lib/callcenter."""
    start = partial(
        Cluster.start,
        binaries=settings.postgres_binaries,
        meanwhile=meanwhile,
        patience_s=patience_s,
    )
    try:
        return start(settings.data_dir)
    except Misconfigured as error:
        if error.code != "postgres_path_unreachable" or os.geteuid() != 0:
            raise
    return start(home_for_root(settings.data_dir))


def home_for_root(data_dir: Path) -> Path:
    """Of the private cluster, where PostgreSQL's user cannot enter the data folder of root."""
    return ROOT_HOME / sha256(os.fsencode(data_dir.resolve())).hexdigest()[:12]
