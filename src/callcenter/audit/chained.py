"""What a chained table is: its key, what its rows say, and the table of its links. The statements of every chain follow from it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from callcenter.audit.chain import Key, Link, Mark


class Row(Protocol):
    """What asking the database answers with."""

    def __getitem__(self, name: str, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class KeyColumn:
    """A column of the key, its name in the table of links, and its type."""

    row: str
    link: str
    type: str


@dataclass(frozen=True, slots=True)
class Chained:
    """A table that is only added to. `said`: all that the hash goes over, in its order; `time`: when a row says it was written;
    `json`: the column that is compared as JSON. What is stored sealed is hashed sealed: checking needs no key.
    """

    name: str
    table: str
    links: str
    key: Sequence[KeyColumn]
    said: Sequence[str]
    time: str
    json: str
    columns: str = field(init=False)
    """Of the table as `entry`, for a statement."""
    same: str = field(init=False)
    """The condition that `link` stands for `entry`."""

    def __post_init__(self) -> None:
        of_row = [f"entry.{name}" for name in self.said if name != self.json]
        columns = ", ".join([*of_row, f"entry.{self.json}::text AS {self.json}"])
        same = " AND ".join(f"link.{each.link} = entry.{each.row}" for each in self.key)
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "same", same)

    def said_by(self, row: Row) -> Sequence[object]:
        """Everything that a row says."""
        return [_read_json(row[name]) if name == self.json else row[name] for name in self.said]

    def key_of(self, row: Row) -> Key:
        """What names a row."""
        return tuple(row[each.row] for each in self.key)

    def link_of(self, row: Row) -> Link:
        """From a row of the statement `links_between`."""
        there = row["there"]
        return Link(
            number=row["link_number"],
            key=tuple(row[f"link_{each.link}"] for each in self.key),
            hash=row["link_hash"],
            mark=Mark(row["linked_at"], row["linked_by"]) if row["linked_at"] else None,
            said=self.said_by(row) if there else None,
            at=row[self.time] if there else None,
            archived=row["archived"],
        )

    @property
    def archived(self) -> str:
        """The condition that the row of `link` is of a part that a cut says lies in the archive."""
        key = self.key[0].link
        return f"""EXISTS (SELECT FROM chain_cut AS cut
        WHERE cut.chain = '{self.name}' AND link.{key} >= cut.low AND link.{key} < cut.high)"""

    @property
    def links_between(self) -> str:
        """Links by number ($1 to $2) with their rows."""
        keys = ", ".join(f"link.{each.link} AS link_{each.link}" for each in self.key)
        return f"""
        SELECT link.number AS link_number, {keys}, link.hash AS link_hash, link.linked_at, link.linked_by,
               entry.{self.key[0].row} IS NOT NULL AS there,
               {self.archived} AS archived, {self.columns}
        FROM {self.links} AS link LEFT JOIN {self.table} AS entry ON {self.same}
        WHERE link.number BETWEEN $1 AND $2 ORDER BY link.number
        """  # noqa: S608 names of tables and columns

    @property
    def insert_links(self) -> str:
        """Numbers, a list for each column of the key, hashes; when and by whom."""
        names = ", ".join(["number", *(each.link for each in self.key), "hash"])
        types = ["bigint", *(each.type for each in self.key), "bytea"]
        lists = ", ".join(f"${place}::{type_}[]" for place, type_ in enumerate(types, start=1))
        at, by = len(types) + 1, len(types) + 2
        return f"""
        INSERT INTO {self.links} ({names}, linked_at, linked_by)
        SELECT {names}, ${at}, ${by} FROM unnest({lists}) AS made({names})
        """  # noqa: S608 likewise


def _read_json(text: str) -> object:
    """What no server of ours has written is hashed as it stands: a number with five thousand digits must not end the linking."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


AUDIT: Final = Chained(
    name="audit",
    table="audit_entry",
    links="audit_link",
    key=(KeyColumn("id", "entry_id", "uuid"),),
    said=("id", "at", "user_id", "action", "subject", "region_ids", "address", "detail"),
    time="at",
    json="detail",
)
