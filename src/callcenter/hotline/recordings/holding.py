"""Keeping a recording from expiring while something is disputed, and letting it go again. Both with a reason, in the trail."""

from __future__ import annotations

from callcenter.auth.permissions import Action
from callcenter.hotline.recordings.keeping_states import Event, apply
from callcenter.hotline.recordings.listening import found, note
from callcenter.hotline.recordings.models import Recording, RecordingState as State
from callcenter.residents.access import Asking


async def hold(asking: Asking, recording_id: int, reason: str) -> Recording:
    """Raises NotFound, Conflict `wrong_state`."""
    recording = await found(asking, recording_id, Action.KEEP_RECORDINGS, to_change=True)
    recording.state = apply(State(recording.state), Event.HOLD)
    recording.held_at, recording.held_by = asking.now, asking.principal.user_id
    recording.held_reason = reason
    await asking.session.flush()
    await note(asking, "recording_held", recording, _detail(recording, reason))
    return recording


async def release(asking: Asking, recording_id: int, reason: str) -> Recording:
    """From then on it expires as others do, by its age. Raises NotFound, Conflict `wrong_state`."""
    recording = await found(asking, recording_id, Action.KEEP_RECORDINGS, to_change=True)
    recording.state = apply(State(recording.state), Event.RELEASE, repaired=recording.is_repaired)
    recording.held_at, recording.held_by, recording.held_reason = None, None, ""
    await asking.session.flush()
    await note(asking, "recording_released", recording, _detail(recording, reason))
    return recording


def _detail(recording: Recording, reason: str) -> dict[str, object]:
    return {"recording": recording.id, "call": str(recording.call_id), "reason": reason}
