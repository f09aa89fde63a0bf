/** A press test as it goes: put in test, wait for the frame, tick off. Asks for what is new once a second, while somebody looks. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue'

import { fetchDevice, fetchFrames, tickOff, type Frame } from '@/api/devices'
import type { Device } from '@/api/records'
import { endTest, fetchTests, tryDevice, type Trial } from '@/api/tests'
import { useAttempt } from '@/ui/attempt'

export const TEST_MINUTES = 5
const ASK_EVERY_MS = 1_000
/** Over a slow line a press takes its time; after this somebody wants to know what to look at. */
const PATIENCE_MS = 30_000

/** Keys and tests; a life sign or a low battery shows no key that works. As the server has it. */
const NO_PRESS = new Set(['heartbeat', 'low_battery', 'power_fail', 'power_restore', 'tamper', 'technical', 'information', 'cancel', 'restore'])
export const isPress = (frame: Frame) => frame.kind !== null && !NO_PRESS.has(frame.kind)

export function usePressing(device: () => Device, reason: () => string) {
  const { busy, failure, attempt } = useAttempt()
  const trial = shallowRef<Trial | null>(null)
  /** The newest first. */
  const frames = shallowRef<readonly Frame[]>([])
  /** The device as it was when nothing had come for a while. */
  const looked = shallowRef<Device | null>(null)
  const ended = ref<'ticked' | 'by_hand' | null>(null)
  /** Milliseconds since it began, by this clock alone: that of the server may go otherwise. */
  const elapsed = ref(0)
  let begun = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  const pressed = computed(() => frames.value.find(isPress) ?? null)
  const over = computed(() => trial.value !== null && elapsed.value >= Date.parse(trial.value.until_at) - Date.parse(trial.value.from_at))
  const patient = computed(() => elapsed.value < PATIENCE_MS)
  const running = computed(() => trial.value !== null && !over.value && ended.value === null)

  const begin = () => attempt(async () => {
    const known = (await fetchTests()).find((each) => each.subject === 'device' && each.subject_id === device().id && !each.over)
    trial.value = known ?? (await tryDevice(device().id, TEST_MINUTES, reason()))
    begun = Date.now()
    elapsed.value = 0
    frames.value = []
    looked.value = null
    ended.value = null
    await ask()
  })

  /** What has come since the last; a question that fails is asked again. */
  async function ask(): Promise<void> {
    clearTimeout(timer)
    elapsed.value = Date.now() - begun
    if (gone || !running.value || !trial.value) return
    const since = frames.value[0]?.stored_at ?? trial.value.from_at
    const found = await fetchFrames(device().id, since).catch(() => null)
    if (found?.items.length) frames.value = [...found.items, ...frames.value]
    if (!patient.value && !pressed.value && looked.value === null) await look()
    if (!gone) timer = setTimeout(() => void ask(), ASK_EVERY_MS)
  }

  async function look(): Promise<void> {
    looked.value = await fetchDevice(device().id).catch(() => null)
  }

  /** Whether its life signs arrive although no press does. */
  const heard = computed(() => {
    const at = looked.value?.seen_at
    return at && trial.value && Date.parse(at) >= Date.parse(trial.value.from_at) ? at : null
  })

  /** The tick first: it counts while the test runs alone. */
  const tick = (done: (device: Device) => void) => attempt(async () => {
    const changed = await tickOff(device().id)
    await stop('ticked')
    done({ ...changed, in_test_until: null })
  })

  const end = () => attempt(() => stop('by_hand'))

  async function stop(how: 'ticked' | 'by_hand'): Promise<void> {
    clearTimeout(timer)
    if (trial.value) await endTest(trial.value.id)
    ended.value = how
  }

  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })

  return { trial, frames, pressed, over, patient, running, ended, looked, heard, busy, failure, begin, tick, end, look }
}
