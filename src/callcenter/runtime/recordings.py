"""Recordings of calls, in the office: heard at every server that has their folder, taken in where the exchange stands."""

from __future__ import annotations

from callcenter.hotline.recordings.removing import Removing
from callcenter.hotline.recordings.shelf import Shelf
from callcenter.hotline.recordings.taking_in import Exchange, TakingIn
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part


def recordings_part(ground: Ground) -> Part:
    """Without an exchange that records nothing is taken in and nothing is removed."""
    shelf = Shelf(ground.settings.recordings_folder, ground.seal, ground.reserve)
    section = ground.settings.telephony
    if section is None or section.folder is None:
        return Part(ports={Shelf: shelf})
    exchange = Exchange(section.name, section.folder / "spool" / "recording")
    taking = TakingIn(ground.database, exchange, shelf)
    removing = Removing(ground.database, section.name, shelf)

    async def stop() -> None:
        await taking.connections.close()
        await removing.connections.close()

    return Part(processors=[taking, removing], stop=stop, ports={Shelf: shelf})
