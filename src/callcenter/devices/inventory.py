"""Devices as people manage them: which there are, which home and resident each serves from when to when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field
from sqlalchemy import ColumnElement, and_, func, or_, select, true, update
from sqlalchemy.exc import IntegrityError

from callcenter.auth.permissions import Action
from callcenter.core.errors import Conflict, Invalid, NotFound
from callcenter.core.sealed import Seal
from callcenter.core.written import Written
from callcenter.devices.formats import canonical_identifier, read_key
from callcenter.devices.models import (
    Device,
    DeviceAssignment,
    DeviceIssue,
    DeviceKind,
    DeviceLastSeen,
    Source,
)
from callcenter.devices.standing import Standing, holds, in_test, is_late, issued, stands
from callcenter.records.entering import seen
from callcenter.records.models import Staff
from callcenter.regions.models import Region
from callcenter.residents.access import Asking, check_version
from callcenter.residents.models import Home, Resident
from callcenter.residents.paging import Branch, Window, find_page, in_bytes
from callcenter.residents.schemas import Line, Page, View
from callcenter.residents.search import matching, starts_with, understand

DEVICE_KEY: Final = "device.key"
"""Context of the sealed AES key."""

EncryptedOnly = Annotated[
    bool | None,
    Field(
        description="Whether polls in clear are refused where the device has a key; null: as its listener has it."
        " Its alarms ring in any case."
    ),
]
Sim = Annotated[
    str,
    Field(
        max_length=30,
        pattern=r"^\+?[0-9]*$",
        description="Number of its SIM as on the card or in the contract: digits.",
    ),
]
MAY_BE_NULL: Final = ("heartbeat_s", "encrypted_only", "staff_id")

SIM_DIGITS: Final = 4
"""Fewer stand in too many of them."""
MOST_PEOPLE: Final = 500
"""Whose devices are looked for; who is found beyond should be named more closely."""

SEEING: Final = (Action.SEE_PROFILES, Action.MANAGE_DEVICES)


def _of_somebody_kind(kind: DeviceKind) -> DeviceKind:
    if kind is DeviceKind.WATCHDOG:
        raise ValueError("only callcenter watchdog enroll makes one: it rings for no human")
    return kind


OfSomebody = Annotated[DeviceKind, AfterValidator(_of_somebody_kind)]


class DeviceBody(Written):
    """A device as its source names it; `key` is an AES key in hex (32, 48 or 64 digits), written and never read."""

    region_id: int
    source: Annotated[str, Field(min_length=1, max_length=100)]
    identifier: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^\S+$")]
    kind: OfSomebody
    model: Line = ""
    label: Line = ""
    key: Line | None = None
    heartbeat_s: Annotated[int, Field(ge=10, le=30 * 86_400)] | None = None
    encrypted_only: EncryptedOnly = None
    sim: Sim = ""
    home_id: int | None = None
    """Whom it serves from now on, where that is known already; `region_id` is the home's then."""
    resident_id: int | None = None


class DeviceChanges(Written):
    """Only what is given is changed; `key` null removes the key."""

    version: int
    region_id: int | None = None
    kind: OfSomebody | None = None
    model: Line | None = None
    label: Line | None = None
    key: Line | None = None
    battery_low: bool | None = None
    heartbeat_s: Annotated[int, Field(ge=10, le=30 * 86_400)] | None = None
    encrypted_only: EncryptedOnly = None
    sim: Sim | None = None
    fault: Annotated[str, Field(max_length=200)] | None = None
    staff_id: Annotated[int, Field(ge=1, lt=2**63)] | None = None
    """Who carries it; null: nobody."""


class AssignmentBody(Written):
    """Let the device serve a home, and optionally one resident of it. By default whatever it served before ends then."""

    home_id: int
    resident_id: int | None = None
    valid_from: AwareDatetime | None = None
    valid_until: AwareDatetime | None = None
    keep_others: bool = False


class AssignmentView(View):
    id: int
    home_id: int
    resident_id: int | None
    valid_from: datetime
    valid_until: datetime | None
    address: str = ""
    resident_name: str | None = None
    resident_name_latin: str | None = None


class IssueView(View):
    """Who has received it, when, from whom, until it came back."""

    received_by: str
    received_at: datetime
    handed_by_name: str
    returned_at: datetime | None
    returned_to_name: str | None


class DeviceView(View):
    """`seen_at` null: not heard of since the start, which is not the same as late. `late`: has missed its life signs."""

    id: int
    version: int
    region_id: int
    source: str
    identifier: str
    kind: str
    model: str
    label: str
    battery_low: bool
    heartbeat_s: int | None
    encrypted_only: bool | None
    has_key: bool = False
    seen_at: datetime | None = None
    assignments: Annotated[list[AssignmentView], Field(default_factory=list)]
    """Those that hold now or will."""
    sim: str = ""
    fault: str = ""
    tried_at: datetime | None = None
    staff_id: int | None = None
    carried_by: str = ""
    """Name of whoever of the staff carries it."""
    late: bool = False
    in_test_until: datetime | None = None
    """Of the device itself or of its home; of a region the page of tests tells."""
    issue: IssueView | None = None


class DeviceFilter(BaseModel):
    """`q` is the beginning of an identifier, part of a label or of a SIM number; with `people` also somebody at its home."""

    q: str = ""
    region_id: int | None = None
    home_id: int | None = None
    kind: DeviceKind | None = None
    source: str | None = None
    battery_low: bool | None = None
    assigned: bool | None = None
    model: Annotated[str | None, Field(max_length=100)] = None
    standing: Standing | None = None
    people: bool = False


# ---- finding


async def find_devices(asking: Asking, wanted: DeviceFilter, window: Window) -> Page[DeviceView]:
    """One page by identifier."""
    reach = await asking.reach(wanted.region_id, *SEEING)
    branches = [
        Branch(_filtered(condition, reach, wanted, asking.now), walked)
        for condition, walked in _named(asking, wanted.q.strip(), people=wanted.people)
    ]
    found = await find_page(asking.session, branches, window)
    rows = await asking.session.scalars(select(Device).where(Device.id.in_(found.ids)))
    devices = {device.id: device for device in rows}
    listed = [devices[each] for each in found.ids if each in devices]
    items = await device_views(asking, listed)
    await asking.note(
        "devices_searched",
        "devices",
        sorted({*asking.principal.regions(SEEING[0]), *asking.principal.regions(SEEING[1])}),
        {"total": found.total, "ids": [item.id for item in items]},
    )
    return Page[DeviceView].of(items, found, window)


_BY_IDENTIFIER: Final = func.lower(Device.identifier)


def _named(
    asking: Asking, text: str, *, people: bool
) -> Iterator[tuple[ColumnElement[bool], bool]]:
    """Each with whether the index that answers it is sorted as the list is."""
    if not text:
        yield true(), True
        return
    yield starts_with(_BY_IDENTIFIER, text.lower()), True
    # Trigrams need three characters; a shorter label is found by its beginning.
    whole = len(text) >= 3
    yield (
        Device.label.contains(text, autoescape=True) if whole else starts_with(Device.label, text),
        False,
    )
    if text.isdecimal() and len(text) >= SIM_DIGITS:
        yield and_(Device.sim != "", Device.sim.contains(text)), False
    if people:
        yield from ((condition, False) for condition in _of_somebody(asking, text))


def _of_somebody(asking: Asking, text: str) -> Iterator[ColumnElement[bool]]:
    """At the homes of those residents whom the same words find, and whose profiles the asker sees."""
    if Action.SEE_PROFILES not in asking.principal.actions:
        return
    within = asking.within(Action.SEE_PROFILES)
    for branch in matching(understand(text), None, within):
        found = branch.query.limit(MOST_PEOPLE).subquery()
        at_home = select(DeviceAssignment.device_id).join(
            Resident, Resident.home_id == DeviceAssignment.home_id
        )
        theirs = Resident.id.in_(select(found.c.id))
        yield Device.id.in_(at_home.where(theirs, holds(asking.now)))


def _filtered(
    condition: ColumnElement[bool],
    reach: ColumnElement[bool] | None,
    wanted: DeviceFilter,
    now: datetime,
) -> Any:
    query = select(Device.id.label("id"), in_bytes(_BY_IDENTIFIER).label("key"))
    query = query.where(condition, Device.kind != DeviceKind.WATCHDOG)
    if reach is not None:
        query = query.join(Region, Region.id == Device.region_id).where(reach)
    for column in ("kind", "source", "battery_low", "model"):
        if (value := getattr(wanted, column)) is not None:
            query = query.where(getattr(Device, column) == value)
    serving = select(DeviceAssignment.id).where(DeviceAssignment.device_id == Device.id, holds(now))
    if wanted.home_id is not None:
        query = query.where(serving.where(DeviceAssignment.home_id == wanted.home_id).exists())
    if wanted.assigned is not None:
        query = query.where(serving.exists() if wanted.assigned else ~serving.exists())
    if wanted.standing is not None:
        query = query.where(stands(wanted.standing, now))
    return query


async def device_views(asking: Asking, devices: Sequence[Device]) -> list[DeviceView]:
    """With when each was last heard of, what it serves, who has signed for it, and whether it is in test."""
    ids = [device.id for device in devices]
    seen = await _seen(asking, ids)
    assignments = await _assignments(asking, ids)
    issues = {
        row.device_id: IssueView.model_validate(row)
        for row in await asking.session.scalars(issued().where(DeviceIssue.device_id.in_(ids)))
    }
    tests = await in_test(asking.session, ids, asking.now)
    carriers = await _carriers(asking, devices)
    return [
        DeviceView.model_validate(
            {
                **{name: getattr(device, name, None) for name in DeviceView.model_fields},
                "has_key": device.key_sealed is not None,
                "seen_at": seen.get(device.id),
                "late": is_late(device.heartbeat_s, seen.get(device.id), asking.now),
                "assignments": assignments.get(device.id, []),
                "issue": issues.get(device.id),
                "carried_by": carriers.get(device.staff_id or 0, ""),
                "in_test_until": tests.get(device.id),
            }
        )
        for device in devices
    ]


async def _carriers(asking: Asking, devices: Sequence[Device]) -> dict[int, str]:
    ids = {device.staff_id for device in devices if device.staff_id is not None}
    if not ids:
        return {}
    rows = await asking.session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(ids)))
    return {row.id: row.name for row in rows}


async def _seen(asking: Asking, device_ids: Sequence[int]) -> dict[int, datetime]:
    seen = select(DeviceLastSeen.device_id, DeviceLastSeen.seen_at)
    rows = await asking.session.execute(seen.where(DeviceLastSeen.device_id.in_(device_ids)))
    return {row.device_id: row.seen_at for row in rows}


async def _assignments(
    asking: Asking, device_ids: Sequence[int]
) -> dict[int, list[AssignmentView]]:
    query = (
        select(DeviceAssignment, Home.address, Resident.name, Resident.name_latin)
        .join(Home, Home.id == DeviceAssignment.home_id)
        .join(Region, Region.id == Home.region_id)
        .outerjoin(Resident, Resident.id == DeviceAssignment.resident_id)
        .where(DeviceAssignment.device_id.in_(device_ids), asking.within(*SEEING))
        .where(
            or_(DeviceAssignment.valid_until.is_(None), DeviceAssignment.valid_until > asking.now)
        )
        .order_by(DeviceAssignment.valid_from)
    )
    found: dict[int, list[AssignmentView]] = {}
    for assignment, address, name, name_latin in await asking.session.execute(query):
        view = AssignmentView.model_validate(assignment)
        view.address, view.resident_name, view.resident_name_latin = address, name, name_latin
        found.setdefault(assignment.device_id, []).append(view)
    return found


async def devices_at_home(asking: Asking, home_id: int) -> list[DeviceView]:
    """What stands in a home at this moment."""
    query = (
        select(Device)
        .join(DeviceAssignment, DeviceAssignment.device_id == Device.id)
        .where(DeviceAssignment.home_id == home_id, holds(asking.now))
        .order_by(Device.id)
        .distinct()
    )
    return await device_views(asking, (await asking.session.scalars(query)).all())


async def device_in_sight(
    asking: Asking, device_id: int, *actions: Action, to_change: bool = False
) -> Device:
    """By id, within the regions granted. Raises NotFound."""
    query = select(Device).join(Region)
    query = query.where(Device.id == device_id, Device.kind != DeviceKind.WATCHDOG)
    if to_change:
        query = query.with_for_update(of=Device)
    return await asking.one(query, "device", *actions)


# ---- changing


async def add_device(asking: Asking, seal: Seal, body: DeviceBody) -> Device:
    """Register a device. Raises Invalid for an unknown source or key, Conflict if the source has one of this name."""
    region = await asking.region(body.region_id, Action.MANAGE_DEVICES)
    kind = await _source_kind(asking, body.source)
    if kind is None:
        raise Invalid(
            f"There is no source {body.source!r}: a device belongs to a listener or an HTTP source.",
            code="unknown_source",
            value=body.source,
        )
    values = body.model_dump(exclude={"key", "home_id", "resident_id"})
    values["identifier"] = canonical_identifier(kind, body.identifier)
    device = Device(**values, key_sealed=_sealed(seal, kind, body.key))
    asking.session.add(device)
    try:
        await asking.session.flush()
    except IntegrityError as error:
        raise Conflict(
            f"{body.source} has a device {device.identifier!r} already.",
            code="device_exists",
            value=device.identifier,
        ) from error
    await asking.note("device_added", f"device:{device.id}", region.path)
    if body.home_id is not None:
        serves = AssignmentBody(home_id=body.home_id, resident_id=body.resident_id)
        return await assign_device(asking, device.id, serves)
    return device


async def _source_kind(asking: Asking, source: str) -> str | None:
    kind: str | None = await asking.session.scalar(select(Source.kind).where(Source.name == source))
    return kind


def _sealed(seal: Seal, source_kind: str, key: str | None) -> bytes | None:
    if key is None or not key.strip():
        return None
    try:
        plain = read_key(source_kind, key)
    except ValueError as error:
        raise Invalid(
            "An AES key has 32, 48 or 64 hexadecimal digits, or 16, 24 or 32 characters.",
            code="device_key",
        ) from error
    return seal.seal(plain, context=DEVICE_KEY)


async def change_device(asking: Asking, seal: Seal, device_id: int, body: DeviceChanges) -> Device:
    """Change what is given. Raises Conflict when somebody was faster, and `serves_home` for one that is to be carried; NotFound."""
    device = await device_in_sight(asking, device_id, Action.MANAGE_DEVICES, to_change=True)
    given = body.model_dump(exclude_unset=True, exclude={"version"})
    region = await asking.region(given.get("region_id", device.region_id), Action.MANAGE_DEVICES)
    check_version(device, body.version)
    if "key" in given:
        kind = await _source_kind(asking, device.source)
        device.key_sealed = _sealed(seal, kind or "", given["key"])
    if given.get("staff_id") is not None:
        await _demand_carried(asking, device, given["staff_id"])
    before = _told(device, given)
    for name, value in given.items():
        if name != "key" and (value is not None or name in MAY_BE_NULL):
            setattr(device, name, value)
    await asking.session.flush()
    detail = {"fields": sorted(given), "before": before, "after": _told(device, given)}
    await asking.note("device_changed", f"device:{device_id}", region.path, detail)
    return device


async def _demand_carried(asking: Asking, device: Device, staff_id: int) -> None:
    """Somebody whom the asker sees carries it, and nobody's home has it."""
    await seen(asking, Staff, staff_id, "staff")
    if (await _assignments(asking, [device.id])).get(device.id):
        raise Conflict(
            f"Device {device.identifier} serves a home: take it off there, then somebody may carry it.",
            code="serves_home",
        )


TOLD: Final = ("region_id", "kind", "model", "battery_low", "heartbeat_s", "encrypted_only")
"""Fields whose contents the trail may hold: none of them says anything of a person."""


def _told(device: Device, given: Mapping[str, object]) -> dict[str, object]:
    return {name: getattr(device, name) for name in TOLD if name in given}


async def remove_device(asking: Asking, device_id: int, version: int) -> None:
    """Take out a device that was entered by mistake; it then calls as an unknown device, and rings all the same."""
    device = await device_in_sight(asking, device_id, Action.MANAGE_DEVICES, to_change=True)
    check_version(device, version)
    path = await asking.path_of(device.region_id)
    # A row that is gone has no change mark of its own: the source's tells the registry to read its devices anew.
    await asking.session.execute(
        update(Source).where(Source.name == device.source).values(version=Source.version + 1)
    )
    await asking.session.delete(device)
    await asking.session.flush()
    await asking.note("device_removed", f"device:{device_id}", path)


async def assign_device(asking: Asking, device_id: int, body: AssignmentBody) -> Device:
    """Let a device serve a home. Raises Invalid when the resident does not live there or the dates are turned round."""
    device = await device_in_sight(asking, device_id, Action.MANAGE_DEVICES, to_change=True)
    home = await asking.home(body.home_id, Action.MANAGE_DEVICES)
    begins = body.valid_from or asking.now
    await _check_assignment(asking, body, begins)
    if not body.keep_others:
        await end_assignments(asking, device_id, begins)
    asking.session.add(
        DeviceAssignment(
            device_id=device_id,
            home_id=home.id,
            resident_id=body.resident_id,
            valid_from=begins,
            valid_until=body.valid_until,
        )
    )
    device.region_id = home.region_id
    device.version += (
        1  # an assignment has no version of its own; copies in memory look at the device
    )
    await asking.session.flush()
    path = await asking.path_of(home.region_id)
    detail: dict[str, object] = {"home_id": home.id, "resident_id": body.resident_id}
    await asking.note("device_assigned", f"device:{device_id}", path, detail)
    return device


async def _check_assignment(asking: Asking, body: AssignmentBody, begins: datetime) -> None:
    if body.valid_until is not None and body.valid_until <= begins:
        raise Invalid("The assignment would end before it begins.", code="dates_turned_round")
    if body.resident_id is not None:
        lives_at = await asking.session.scalar(
            select(Resident.home_id).where(Resident.id == body.resident_id)
        )
        if lives_at != body.home_id:
            raise Invalid(
                "This resident does not live in this home.",
                code="resident_elsewhere",
                resident_id=body.resident_id,
            )


async def release_device(asking: Asking, device_id: int, ends: datetime | None) -> Device:
    """End whatever the device serves."""
    device = await device_in_sight(asking, device_id, Action.MANAGE_DEVICES, to_change=True)
    await end_assignments(asking, device_id, ends or asking.now)
    device.version += 1
    await asking.session.flush()
    path = await asking.path_of(device.region_id)
    await asking.note("device_released", f"device:{device_id}", path)
    return device


async def open_issue(asking: Asking, device_id: int) -> DeviceIssue | None:
    """Who has signed for it and has it still."""
    found: DeviceIssue | None = await asking.session.scalar(
        issued().where(DeviceIssue.device_id == device_id)
    )
    return found


async def end_assignments(asking: Asking, device_id: int, ends: datetime) -> None:
    """Those in force end; those that would only have begun later never do."""
    query = select(DeviceAssignment).where(
        DeviceAssignment.device_id == device_id,
        or_(DeviceAssignment.valid_until.is_(None), DeviceAssignment.valid_until > ends),
    )
    for assignment in await asking.session.scalars(query):
        if assignment.valid_from < ends:
            assignment.valid_until = ends
        else:
            await asking.session.delete(assignment)
    await asking.session.flush()


async def show_device(asking: Asking, device_id: int) -> DeviceView:
    device = await device_in_sight(asking, device_id, *SEEING)
    path = await asking.path_of(device.region_id)
    await asking.note("device_seen", f"device:{device_id}", path)
    found = await device_views(asking, [device])
    if not found:
        raise NotFound("no such device", what="device")
    return found[0]
