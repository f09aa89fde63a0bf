"""`callcenter telephony`: writes the configuration of the exchange, and asks how it stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from callcenter.cli.options import ConfigFile
from callcenter.core.errors import Misconfigured
from callcenter.settings import load

if TYPE_CHECKING:
    from callcenter.telephony.pbxs.asterisk.section import AsteriskSection

app = typer.Typer(
    help="The exchange that telephone lines end at: its configuration, and how it stands.",
    add_completion=False,
    no_args_is_help=True,
    rich_markup_mode="markdown",
)


@app.command()
def configure(config: ConfigFile = None) -> None:
    """Write the configuration of the exchange into `telephony.folder`. Run it as the user of the exchange, after every change of the settings."""
    from callcenter.telephony.pbxs.asterisk.putting import put

    section = _section(config)
    done = put(section)
    for name in done.changed:
        typer.echo(f"written: {section.folder / 'etc' / name}")
    if done.music:
        typer.echo(f"written: {section.folder / 'data' / 'moh'}, a tune for whoever waits")
    if not done.changed and not done.music:
        typer.echo("nothing has changed")
    elif done.needs_start:
        typer.echo("the exchange must be started again: calls that stand end with it")
    else:
        typer.echo("the exchange must read it anew: callcenter telephony reload")


@app.command(name="reload")
def reload_(config: ConfigFile = None) -> None:
    """Let the exchange read its configuration anew; calls go on."""
    from callcenter.telephony.pbxs.asterisk.asking import RELOADED, reload

    done = reload(_section(config))
    for module in RELOADED:
        typer.echo(f"{module}: {'read anew' if module in done else 'not loaded'}")


@app.command()
def status(config: ConfigFile = None) -> None:
    """How the exchange stands; exit code 1 where its configuration is not that of the settings, 75 where it does not answer."""
    from callcenter.telephony.pbxs.asterisk.asking import ask
    from callcenter.telephony.pbxs.asterisk.putting import differing

    section = _section(config)
    differs = differing(section)
    for name in differs:
        typer.echo(f"not as the settings have it: {section.folder / 'etc' / name}")
    standing = ask(section)
    typer.echo(f"Asterisk {standing.version}, since {standing.started_at}")
    typer.echo(f"channels: {standing.calls}, consoles with a telephone: {standing.consoles}")
    for name, state in standing.trunks.items():
        typer.echo(f"trunk {name}: {state}")
    for name, state in standing.phones.items():
        typer.echo(f"desk phone {name}: {state}")
    if differs:
        raise typer.Exit(1)


@app.command()
def prompts(
    config: ConfigFile = None,
    language: Annotated[
        list[str] | None, typer.Option(help="zh or en; both where none is given.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option(help="Folder for the sounds; else that of the exchange.")
    ] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="Print names and words instead, to be read out.")
    ] = False,
) -> None:
    """Write every prompt that has no file yet. What is there stays: it may be the voice of a person."""
    from callcenter.hotline.speaking import Sounds, engine_of
    from callcenter.hotline.spoken import LANGUAGES, RECORDED

    wanted = language or list(LANGUAGES)
    if unknown := set(wanted) - set(LANGUAGES):
        raise Misconfigured(f"language: {', '.join(sorted(unknown))} is none of zh, en")
    if list_:
        for each in wanted:
            for name, words in RECORDED.items():
                typer.echo(f"{each}/{name}.wav\t{words.in_(each)}")
        return
    settings = load(config)
    sounds = Sounds(to or _section(config).folder / "data" / "sounds")
    engine = engine_of(settings.voice.engine)
    if engine is None:
        raise Misconfigured(
            "voice.engine: no engine is set and espeak-ng is not installed; install it, or record the prompts (--list)"
        )
    for each in wanted:
        made = sum(
            sounds.make(engine, name, each, words.in_(each)) for name, words in RECORDED.items()
        )
        typer.echo(f"{each}: {made} of {len(RECORDED)} prompts written to {sounds.folder / each}")
    if "zh" in wanted and not settings.voice.engine:
        typer.echo(
            "espeak-ng's Chinese was checked by its phonemes, not by ear: have somebody listen before a site uses it"
        )


def _section(config: ConfigFile) -> AsteriskSection:
    section = load(config).telephony
    if section is None or section.kind != "asterisk":
        raise Misconfigured("telephony: no exchange is set up; see docs/operating/lines.md")
    return section
