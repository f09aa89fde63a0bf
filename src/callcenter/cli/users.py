"""`callcenter user`: the first accounts of a site, and the way back in when nobody can log in."""

from __future__ import annotations

import secrets
import sys
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.auth import accounts, granting
from callcenter.auth.acting import COMMAND_LINE, Acting
from callcenter.auth.login import normal_login
from callcenter.auth.models import Grant, User
from callcenter.auth.passwords import hash_password
from callcenter.auth.permissions import HeldGrant, Role
from callcenter.auth.slips import LONGEST_H, USUALLY_HOLDS_H, NewSlip, give_slip
from callcenter.auth.strength import check_strength
from callcenter.cli.options import ConfigFile, DataDir, read_settings
from callcenter.cli.regions import region_with_code
from callcenter.cli.transaction import in_one_transaction
from callcenter.core.clock import SystemClock
from callcenter.core.errors import Invalid, NotFound
from callcenter.regions.models import Region
from callcenter.regions.upkeep import root_region

app = typer.Typer(
    help="People who log in: add, password, slip, grant, revoke, block, unblock, list.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)

Login = Annotated[str, typer.Argument(help="Log-in name, e.g. lin.yue")]
Roles = Annotated[
    list[Role] | None,
    typer.Option("--role", help="A role to give; may be repeated.", show_choices=True),
]
RegionCode = Annotated[
    str | None,
    typer.Option("--region", help="Code of the region; without it the root, that is everywhere."),
]
Generate = Annotated[
    bool,
    typer.Option("--generate", help="Make a password and print it, instead of asking for one."),
]


@app.command()
def add(
    login: Login,
    name: Annotated[str, typer.Option("--name", help="As colleagues see it.")] = "",
    language: Annotated[str | None, typer.Option("--language", help="zh-CN or en.")] = None,
    role: Roles = None,
    region: RegionCode = None,
    generate: Generate = False,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Add an account. The password is asked for, or read from standard input where that is no terminal."""
    settings = read_settings(config, data_dir=data_dir)
    spoken = language or settings.language
    if spoken not in ("zh-CN", "en"):
        raise Invalid(f"language: {spoken!r} is neither zh-CN nor en")
    hashed = _hash_of_new_password(login, generate=generate)

    async def work(session: AsyncSession) -> None:
        where = await _region(session, region)
        await accounts.open_account(
            session,
            _acting(),
            login=login,
            name=name or login,
            language=spoken,
            password_hash=hashed,
            grants=[(HeldGrant(one, where.id), None) for one in role or []],
        )

    in_one_transaction(config, data_dir, work)
    typer.echo(f"added {normal_login(login)}")
    if not role:
        typer.echo("without a role nothing is allowed yet: callcenter user grant", err=True)


@app.command()
def password(
    login: Login,
    generate: Generate = False,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Set a new password; the account's sessions end within two seconds."""
    hashed = _hash_of_new_password(login, generate=generate)

    async def work(session: AsyncSession) -> None:
        user, acting = await _user(session, login), _acting()
        await accounts.set_password(session, user, hashed, acting.now)
        await acting.record(session, "password_changed", user.id)

    in_one_transaction(config, data_dir, work)
    typer.echo("done")


@app.command()
def slip(
    login: Login,
    hours: Annotated[
        int, typer.Option("--hours", help="For how long it may be used.", min=1, max=LONGEST_H)
    ] = USUALLY_HOLDS_H,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Print a code with which its user chooses a new password, once, at the log-in page."""

    async def work(session: AsyncSession) -> NewSlip:
        return await give_slip(session, _acting(), await _user(session, login), hours)

    made = in_one_transaction(config, data_dir, work)
    typer.echo(f"log-in: {normal_login(login)}")
    typer.echo(f"code: {made.code}")
    typer.echo(f"until: {made.until_at.isoformat(timespec='minutes')}")


@app.command()
def block(login: Login, config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """Close an account: its sessions end within two seconds, and nobody logs in with it."""
    _set_active(login, False, config, data_dir)


@app.command()
def unblock(login: Login, config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """Open a blocked account again."""
    _set_active(login, True, config, data_dir)


def _set_active(login: str, active: bool, config: ConfigFile, data_dir: DataDir) -> None:
    async def work(session: AsyncSession) -> None:
        user = await _user(session, login)
        await accounts.change_account(session, _acting(), user, {"active": active})

    in_one_transaction(config, data_dir, work)
    typer.echo("done")


@app.command()
def grant(
    login: Login,
    role: Annotated[Role, typer.Argument(help="The role to give.")],
    region: RegionCode = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            "--until", help="It ends by itself then (UTC); without it, when it is revoked."
        ),
    ] = None,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Give a role in a region and everything below it."""

    async def work(session: AsyncSession) -> None:
        user, where = await _user(session, login), await _region(session, region)
        end = None if until is None else until.replace(tzinfo=UTC)
        await granting.give(session, _acting(), user.id, HeldGrant(role, where.id), end)

    in_one_transaction(config, data_dir, work)
    typer.echo("done")


@app.command()
def revoke(
    login: Login,
    role: Annotated[Role, typer.Argument(help="The role to take back.")],
    region: RegionCode = None,
    config: ConfigFile = None,
    data_dir: DataDir = None,
) -> None:
    """Take a role back; open seats notice it within two seconds."""

    async def work(session: AsyncSession) -> None:
        user, where = await _user(session, login), await _region(session, region)
        held = await granting.grants_of(session, [user.id])
        found = [one for one in held if (one.role, one.region_id) == (role, where.id)]
        if not found:
            raise NotFound(f"{user.login} does not hold {role.value} in {where.name}")
        await granting.take_away(session, _acting(), found[0])

    in_one_transaction(config, data_dir, work)
    typer.echo("done")


@app.command("list")
def list_users(config: ConfigFile = None, data_dir: DataDir = None) -> None:
    """Show all accounts with their roles."""

    async def work(session: AsyncSession) -> Table:
        table = Table("log-in", "name", "state", "roles", box=None, pad_edge=False)
        users = (await session.scalars(select(User).order_by(User.login))).all()
        held = await session.execute(
            select(Grant.user_id, Grant.role, Region.name)
            .join(Region, Region.id == Grant.region_id)
            .where(granting.in_force(SystemClock().now()))
        )
        roles: dict[int, list[str]] = {}
        for user_id, role, where in held:
            roles.setdefault(user_id, []).append(f"{role} ({where})")
        for user in users:
            state = "active" if user.active else "blocked"
            table.add_row(user.login, user.name, state, ", ".join(sorted(roles.get(user.id, []))))
        return table

    Console().print(in_one_transaction(config, data_dir, work))


def _hash_of_new_password(login: str, *, generate: bool) -> str:
    if generate:
        text = secrets.token_urlsafe(12)
        typer.echo(f"password: {text}")
    elif sys.stdin.isatty():
        text = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        text = sys.stdin.readline().rstrip("\n")
    check_strength(text, login)
    return hash_password(text)


async def _user(session: AsyncSession, login: str) -> User:
    user = await session.scalar(select(User).where(User.login == normal_login(login)))
    if user is None:
        raise NotFound(f"there is no account {login!r}")
    return user


async def _region(session: AsyncSession, code: str | None) -> Region:
    if code is None:
        return await root_region(session)
    return await region_with_code(session, code)


def _acting() -> Acting:
    """The audit trail tells that it was the command line."""
    return Acting(None, COMMAND_LINE, SystemClock().now())
