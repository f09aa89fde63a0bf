"""What a table on the board is: a declaration, from which sweep, push and snapshot follow (design 6b.10). Pure.

A table wants a `changed_xid` with an index. Its next neighbour is one more `Feed` in seats/tables.py.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from callcenter.auth.permissions import Action
from callcenter.seats.board import Layout, Shown

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Entries:
    """A table of numbered entries that travel with their row: those after the version that the seats have."""

    table: str
    columns: str
    of: str
    """The column that names the row, by the first column of its key."""
    number: str = "number"

    @cached_property
    def after(self) -> str:
        """Keys as $1, the version held of each as $2."""
        return f"""
        SELECT {self.columns} FROM {self.table}
        JOIN unnest($1::uuid[], $2::bigint[]) AS held(of_id, version) ON {self.of} = held.of_id
        WHERE {self.number} > held.version ORDER BY {self.of}, {self.number}
        """  # noqa: S608 constant columns


@dataclass(frozen=True)
class Feed:
    """One table of the board. Every name and condition is SQL of ours, never of a user."""

    layout: Layout
    table: str
    """Its name, with an alias if it has one: `sms_message AS message`."""
    key: Mapping[str, str]
    """Columns of the primary key with their types."""
    columns: str
    path: str
    """The region path that says who may see a row."""
    show: Callable[[Row, Sequence[Row]], Shown]
    """A row of `columns`, with its entries, as it goes out. Raises TypeError or ValueError for what has no JSON form."""
    version: str = "1"
    """Grows with each change; rows that are only ever added have one version."""
    joined: str = ""
    """Joins that columns and path need."""
    only: str = "true"
    """Rows that are shown at all."""
    on_board: str | None = None
    """Rows a console gets when it connects; None: it fetches them when it shows them."""
    order: str = "1"
    entries: Entries | None = None
    audience: Action = Action.SEE_INCIDENTS
    """What somebody must be granted, in a region of the path."""
    gather_s: float = 0.0
    """How long a sweep waits for more to come: states of texts come by the hundred and are nothing to wait for."""

    @property
    def name(self) -> str:
        return self.layout.kind

    def key_of(self, row: Row) -> tuple[Any, ...]:
        """The primary key, as parameters of `rows`."""
        return tuple(row[column] for column in self.key)

    @cached_property
    def changed(self) -> str:
        """A page of keys and versions that a snapshot did not see yet: its xmax as $1, what was running then as $2, how
        many as $3, and the last key of the page before from $4 on.
        """
        columns = ", ".join(self._key_columns)
        first = len(self.key) + 3
        after = ", ".join(
            f"${n}::{type_}"
            for n, type_ in zip(range(4, first + 1), self.key.values(), strict=True)
        )
        return f"""
        SELECT {self._keys}, {self.version} AS version FROM {self.table}
        WHERE {self.only}
          AND ({self._alias}.changed_xid >= $1::text::xid8 OR {self._alias}.changed_xid = ANY($2::text[]::xid8[]))
          AND ($4::{next(iter(self.key.values()))} IS NULL OR ({columns}) > ({after}))
        ORDER BY {columns} LIMIT $3
        """  # noqa: S608 constant columns

    @cached_property
    def rows(self) -> str:
        """Rows by their keys, one array a key column, in the order of the keys."""
        arrays = ", ".join(f"${n}::{type_}[]" for n, type_ in enumerate(self.key.values(), 1))
        names = ", ".join(f"wanted_{n}" for n in range(len(self.key)))
        wanted = " AND ".join(
            f"{column} = wanted_{n}" for n, column in enumerate(self._key_columns)
        )
        return f"""
        SELECT {self.columns}
        FROM unnest({arrays}) WITH ORDINALITY AS wanted({names}, place)
        JOIN {self.table} ON {wanted} {self.joined}
        ORDER BY place
        """  # noqa: S608 constant columns

    @cached_property
    def snapshot(self) -> str:
        """Keys of what is on the board of the regions $1."""
        return f"""
        SELECT {self._keys} FROM {self.table} {self.joined}
        WHERE {self.on_board} AND {self.path} && $1::bigint[] ORDER BY {self.order}
        """  # noqa: S608 constant columns

    @property
    def _key_columns(self) -> list[str]:
        return [f"{self._alias}.{column}" for column in self.key]

    @property
    def _alias(self) -> str:
        return self.table.rpartition(" AS ")[2]

    @property
    def _keys(self) -> str:
        return ", ".join(self._key_columns)


def identity(key: Sequence[Any]) -> Hashable:
    """A key as memories hold it."""
    return key[0] if len(key) == 1 else tuple(key)
