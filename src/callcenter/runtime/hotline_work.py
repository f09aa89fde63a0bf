"""The work of the hotline: of the office, and of nothing that an alarm or a call waits for."""

from __future__ import annotations

from callcenter.core.held import HeldConnections
from callcenter.hotline.filing.working_off import ReachedCallers
from callcenter.runtime.ground import Ground
from callcenter.runtime.part import Part
from callcenter.runtime.voice import sounds_in
from callcenter.telephony.keeping import prompt_files


def hotline_work_part(ground: Ground) -> Part:
    """Of the office. Where there is an exchange with sound, its folder of sounds holds the recorded prompts of the site."""
    reached = ReachedCallers(ground.database)
    telephony = ground.settings.telephony
    if telephony is None or telephony.folder is None:
        return Part(processors=[reached], stop=reached.connections.close)
    prompts = prompt_files.PromptFiles(
        HeldConnections(ground.database, prompt_files.NAME, 1), sounds_in(telephony.folder).folder
    )

    async def stop() -> None:
        await reached.connections.close()
        await prompts.connections.close()

    return Part(processors=[reached, prompts], stop=stop)
