/** On duty: sound armed, watched every second, and everything that keeps the seat awake. */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'

import type { PauseReason } from '@/api/wire'
import { claimSound } from '@/audio/owner'
import { Speaker } from '@/audio/speaker'
import { ringKey } from '@/domain/incident'
import { callsRing } from '@/domain/calls'
import { decide } from '@/domain/sounding'

import { useCalls } from './calls'
import { chimes } from './chimes'
import { useConnection } from './connection'
import { whenDropped } from './holding'
import { useIncidents } from './incidents'
import { useSeats } from './seats'
import { useSession } from './session'
import { preferences } from './soundDevices'

const WATCHDOG_MS = 1_000
const TESTED_FOR_MS = 4_000

export const useDuty = defineStore('duty', () => {
  const incidents = useIncidents()
  const connection = useConnection()
  const session = useSession()
  const seats = useSeats()
  const calls = useCalls()
  const speaker = new Speaker()

  const onDuty = ref(false)
  /** The output runs; false while on duty is an alarm of its own. */
  const soundRuns = ref(false)
  /** Why this operator pauses. Everything still shows here, and rings when nobody else is there to hear it. */
  const pause = ref<PauseReason | null>(null)
  /** Grows when the operator says anew how they sit here: that they are ready, above all. */
  const wishes = ref(0)
  /** Another tab of this browser sounds for this one. */
  const owner = ref(false)
  const noticed = ref<ReadonlySet<string>>(new Set())
  const wakeLocked = ref(false)
  /** The test tone has just been played: the operator should have heard it. */
  const testing = ref(false)
  let releaseSound: (() => void) | null = null
  let watchdog: ReturnType<typeof setInterval> | null = null
  let wakeLock: WakeLockSentinel | null = null

  const decision = computed(() =>
    decide({
      incidents: (['waiting', 'mine', 'drill', 'others', 'requests'] as const).flatMap((name) => incidents.queue.group(name)),
      userId: session.userId,
      onDuty: onDuty.value,
      linkLost: connection.lost || session.state === 'out',
      seats: seats.seats,
      paused: pause.value !== null,
      noticed: noticed.value,
    }),
  )
  /** As the server has it; a seat that is not manned is off. */
  const own = computed(() => seats.seats.find((seat) => seat.user_id === session.userId))
  const soundOff = computed(() => onDuty.value && owner.value && !soundRuns.value)
  /** What the server is told: a seat that cannot be heard is not manned. */
  const armed = computed(() => onDuty.value && (soundRuns.value || !owner.value))
  /** The tone that really plays in this tab. */
  const sounding = computed(() => (owner.value && soundRuns.value ? decision.value : null))

  // Whatever becomes mine was noticed by taking it, unless it was given to me; only a later ring of it sounds again.
  let minesBefore = new Set<string>()
  watch(
    () => incidents.mine,
    (mines) => {
      for (const incident of mines) if (!minesBefore.has(incident.id) && !incidents.isGiven(incident)) notice(incident)
      minesBefore = new Set(mines.map((incident) => incident.id))
    },
    { flush: 'sync' },
  )

  /** Somebody rings who is no alarm: the least of all tones, and the only one that may be turned down. */
  const callRings = computed(() => onDuty.value && pause.value === null && callsRing(calls.bar, session.userId))
  watch(
    [decision, owner, onDuty, callRings, () => preferences.ringing],
    () => {
      const { tone, soft } = decision.value
      if (!onDuty.value || !owner.value) speaker.loop(null, soft)
      else if (tone !== null || !callRings.value) speaker.loop(tone, soft)
      else speaker.loop('call', false, preferences.ringing)
    },
    { flush: 'sync' },
  )
  watch(() => preferences.loudspeaker, (id) => void speaker.toSink(id))

  function check(): void {
    soundRuns.value = speaker.runs()
    if (!soundRuns.value && onDuty.value) void speaker.resume()
    if (onDuty.value && !wakeLock) void keepAwake()
  }

  async function keepAwake(): Promise<void> {
    if (!('wakeLock' in navigator) || document.visibilityState !== 'visible') return
    try {
      wakeLock = await navigator.wakeLock.request('screen')
      wakeLocked.value = true
      wakeLock.addEventListener('release', () => {
        wakeLock = null
        wakeLocked.value = false
      })
    } catch {
      wakeLocked.value = false // battery saver; tried again at the next check
    }
  }

  // The line is gone with the session: the seat says so as loudly as with any lost line.
  const signedOut = computed(() => onDuty.value && session.state === 'out')
  let operator: number | null = null
  // A seat stays manned when only its operator's rights change; nobody else's sound is left running.
  watch(
    () => session.me,
    (now) => {
      const stays = session.userId === operator && session.may('work_incidents')
      if (now !== null && operator !== null && !stays) void stop()
    },
    { flush: 'sync' },
  )
  whenDropped(() => {
    noticed.value = new Set()
    minesBefore = new Set()
  })

  /** From the click on the button; everything here needs that gesture. */
  async function start(): Promise<void> {
    soundRuns.value = await speaker.arm()
    void speaker.toSink(preferences.loudspeaker)
    operator = session.userId
    onDuty.value = true
    testing.value = true
    setTimeout(() => (testing.value = false), TESTED_FOR_MS)
    releaseSound ??= claimSound(() => (owner.value = true))
    watchdog ??= setInterval(check, WATCHDOG_MS)
    if ('Notification' in window && Notification.permission === 'default') void Notification.requestPermission()
    void keepAwake()
  }

  function takePause(reason: PauseReason): void {
    pause.value = reason
    wishes.value += 1
  }

  function resume(): void {
    pause.value = null
    wishes.value += 1
  }

  // Said at another console of the same operator.
  watch(
    () => own.value?.state,
    (now, before) => {
      if (before === 'pause' && now !== 'off' && now !== undefined) pause.value = null
    },
    { flush: 'sync' },
  )

  // Whoever takes an alarm works.
  watch(
    () => incidents.mine.some((incident) => incident.state === 'taken'),
    (works) => works && pause.value && resume(),
    { flush: 'sync' },
  )

  async function stop(): Promise<void> {
    pause.value = null
    operator = null
    onDuty.value = false
    owner.value = false
    releaseSound?.()
    releaseSound = null
    if (watchdog) clearInterval(watchdog)
    watchdog = null
    await wakeLock?.release()
    await speaker.silence()
  }

  async function resumeSound(): Promise<void> {
    soundRuns.value = await speaker.arm()
  }

  /** The operator has acted on this incident at its present ring, and at all before it: a snapshot may come back to one of them. */
  function notice({ id, ring }: { id: string; ring: number }): void {
    if (noticed.value.has(ringKey({ id, ring }))) return
    noticed.value = new Set([...noticed.value, ...Array.from({ length: ring }, (_, index) => ringKey({ id, ring: index + 1 }))])
  }

  function chime(): void {
    if (onDuty.value && owner.value && chimes.value) speaker.once('quiet')
  }

  /** So loud is a call that rings, on the loudspeaker. */
  function tryRing(): void {
    speaker.once('call')
  }

  const waitingCount = computed(() => incidents.ringing.length)

  return { onDuty, pause, wishes, own, takePause, resume, testing, soundRuns, soundOff, signedOut, owner, armed, sounding, decision, noticed, wakeLocked, waitingCount, start, stop, resumeSound, notice, chime, callRings, tryRing }
})
