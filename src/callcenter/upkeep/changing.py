"""What an administrator says of a setting, and what is shown of each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, StrictInt, StrictStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.adjustable.current import Site
from callcenter.adjustable.known import (
    BUILT_IN,
    SETTINGS,
    Group,
    Setting,
    Unit,
    ValueKind,
    setting_of,
)
from callcenter.adjustable.models import SiteSetting
from callcenter.audit.trail import record
from callcenter.core.written import Written
from callcenter.residents.access import Asking

Origin = Literal["page", "file", "built_in"]


class SettingBody(Written):
    """`value` null: as the settings file has it."""

    value: StrictInt | StrictStr | None


class SettingView(BaseModel):
    """A setting as it holds. `least` and `most` bound a number, or the length of a text; `by_name` null: nobody has said it here."""

    name: str
    group: Group
    kind: ValueKind
    unit: Unit | None
    least: int
    most: int
    choices: list[str]
    value: int | str
    of_file: int | str
    """What holds where nothing is said on the page."""
    origin: Origin
    since: datetime | None
    by_name: str | None
    before: int | str | None


async def show_settings(session: AsyncSession, site: Site) -> list[SettingView]:
    """All, in their order."""
    said = {row.name: row for row in await session.scalars(select(SiteSetting))}
    return [_view(setting, site, said) for setting in SETTINGS.values()]


def _view(setting: Setting, site: Site, said: Mapping[str, SiteSetting]) -> SettingView:
    row = said.get(setting.name)
    of_file = site.of_file[setting.name]
    by_page = row is not None and row.value is not None
    return SettingView(
        name=setting.name,
        group=setting.group,
        kind=setting.kind,
        unit=setting.unit,
        least=setting.least,
        most=setting.most,
        choices=list(setting.choices),
        value=row.value if row is not None and by_page else of_file,
        of_file=of_file,
        origin="page" if by_page else _beside_the_page(setting.name, of_file),
        since=row.since if row else None,
        by_name=row.by_name if row else None,
        before=row.before if row else None,
    )


def _beside_the_page(name: str, of_file: int | str) -> Origin:
    return "built_in" if of_file == BUILT_IN[name] else "file"


async def say(asking: Asking, site: Site, name: str, body: SettingBody, root: list[int]) -> None:
    """Raises NotFound, and Invalid with the bound that is broken. `root`: the path of the root region."""
    setting = setting_of(name)
    value = None if body.value is None else setting.check(body.value)
    row = await asking.session.get(SiteSetting, name, with_for_update=True)
    of_file = site.of_file[name]
    before = of_file if row is None or row.value is None else row.value
    if row is None:
        row = SiteSetting(name=name)
        asking.session.add(row)
    row.value, row.before, row.since = value, before, asking.now
    row.by_id, row.by_name = asking.principal.user_id, asking.principal.name
    after = of_file if value is None else value
    await record(
        asking.session,
        at=asking.now,
        principal_id=asking.principal.user_id,
        action="site_setting_changed",
        subject="site",
        region_ids=root,
        address=asking.address,
        detail={"name": name, "before": {name: before}, "after": {name: after}},
    )
