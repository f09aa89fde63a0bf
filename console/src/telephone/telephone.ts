/** The telephone of this seat: registered while it is on duty, answers what its user has asked for, rings for what a colleague asks of them. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'

import { ApiError } from '@/api/http'
import * as api from '@/api/telephone'
import type { Admission, CallShown } from '@/api/telephone'
import { claim } from '@/audio/owner'
import { expectedAt, outcomeOf, type Reached } from '@/domain/calls'
import { useCalls } from '@/stores/calls'
import { useConnection } from '@/stores/connection'
import { useDuty } from '@/stores/duty'
import { whenDropped } from '@/stores/holding'
import { useSession } from '@/stores/session'
import { preferences } from '@/stores/soundDevices'

import { Heard } from './heard'
import { openBySip, type Line, type OpenLine, type Ringing } from './line'
import { openMicrophone } from './microphone'
import { againIn, answerOf, isUsable, microphoneOf, shownOf, wantsLine, type LineState, type Microphone } from './state'

/** A way that does not come back by itself is asked for anew. */
const LOST_FOR_MS = 6_000
/** For so long after a key the telephone that rings is what the key asked for. */
const ASKED_FOR_MS = 15_000
/** What is spoken goes on without the server; when it says for so long that nothing stands, nothing does. */
const ALONE_FOR_MS = 5_000

let openLine: OpenLine = openBySip

/** Another line to the exchange than that by SIP. */
export function useLine(other: OpenLine): void {
  openLine = other
}

/** Why somebody was rung: what is recorded at the incident when it is over. */
export interface Purpose {
  incidentId: string
  step: 'call_back' | 'contact_called' | 'ambulance_called' | 'fire_called' | 'police_called' | null
  contactId?: number
  name: string
}

/** A call out that is over, and what came of it. */
export interface Outcome {
  call: CallShown
  purpose: Purpose
  result: Reached | null
}

export const useTelephone = defineStore('telephone', () => {
  const session = useSession()
  const duty = useDuty()
  const calls = useCalls()
  const connection = useConnection()

  const admission = shallowRef<Admission | null>(null)
  const line = ref<LineState>('off')
  const microphone = ref<Microphone>('untried')
  const owner = ref(false)
  /** Switched on by hand, by whoever works no alarms and has no duty. */
  const wished = ref(false)
  const muted = ref(false)
  const busy = ref(false)
  const error = shallowRef<unknown>(null)
  /** It rings here, and nobody has said that it is to be answered. */
  const ringing = shallowRef<Ringing | null>(null)
  const talks = shallowRef<readonly Ringing[]>([])
  const heard = new Heard()
  /** The browser plays nothing: somebody speaks and nobody hears them. */
  const unheard = heard.isRefused

  let open: Line | null = null
  let own: MediaStream | null = null
  let release: (() => void) | null = null
  let again: ReturnType<typeof setTimeout> | undefined
  let turn = 0
  let failures = 0
  let askedUntil = 0
  const purposes = new Map<string, Purpose>()

  const may = computed(() => session.may('answer_calls'))
  const on = computed(() => may.value && (duty.onDuty || wished.value))
  const situation = computed(() => ({
    kind: admission.value?.kind ?? null, told: calls.exchange !== null, exchange: calls.exchange ?? admission.value?.exchange ?? true, onDuty: on.value, owner: owner.value, line: line.value, microphone: microphone.value,
  }))
  const shown = computed(() => (may.value ? shownOf(situation.value) : 'absent'))
  /** Calls can be taken and made at this seat now. */
  const usable = computed(() => isUsable(shown.value))
  const expected = computed(() => expectedAt(calls.byId.values(), session.userId))

  // ---- the line

  // Whoever goes off duty while they speak, speaks on.
  watch([on, owner, () => calls.exchange !== null, () => talks.value.length > 0], ([isOn, isOwner, told, speaks]) => {
    if (isOn && told) release ??= claim('callcenter.telephone', () => (owner.value = true))
    if (isOn && told && isOwner && line.value === 'off') void connect()
    if (!isOn && !speaks) disconnect()
  }, { immediate: true })
  // The page goes on at another server, and so does its telephone: at once, or when the old way is gone and nobody is spoken with.
  watch(() => connection.server, (now, before) => now !== before && line.value !== 'off' && !talks.value.length && void connect())
  watch(() => calls.exchange, (there, before) => there && before === false && line.value === 'lost' && later(0), { flush: 'sync' })

  async function connect(): Promise<void> {
    const mine = (turn += 1)
    clearTimeout(again)
    line.value = 'asking'
    try {
      const answer = await api.admit()
      if (mine !== turn) return
      admission.value = answer
      open?.stop()
      open = null
      if (!wantsLine({ kind: answer.kind, onDuty: on.value, owner: owner.value })) return void (line.value = 'off')
      line.value = 'registering'
      void tryMicrophone()
      const made = await openLine(wayOf(answer), eventsOf(mine))
      if (mine === turn) open = made
      else made.stop()
    } catch (reason) {
      if (mine !== turn) return
      if (reason instanceof ApiError && reason.status === 404) return void (line.value = 'off') // a site without an exchange
      tryAgain()
    }
  }

  function wayOf({ way, name, password, realm }: Admission) {
    const server = connection.server || location.origin
    return { url: `${server.replace(/^http/, 'ws')}${way}`, host: realm || new URL(server).hostname, name, password, realm }
  }

  function eventsOf(mine: number) {
    const still = (act: () => void) => () => void (mine === turn && act())
    return {
      registered: still(() => {
        line.value = 'registered'
        failures = 0
        clearTimeout(again)
      }),
      lost: still(() => {
        line.value = 'lost'
        later(LOST_FOR_MS)
      }),
      refused: still(tryAgain),
      rings: (one: Ringing) => (mine === turn ? arrive(one) : one.refuse('not_here')),
    }
  }

  function tryAgain(): void {
    line.value = 'lost'
    later(againIn(failures++))
  }

  /** Never while somebody is spoken with: a new line would end what the old one carries. */
  function later(ms: number): void {
    clearTimeout(again)
    again = setTimeout(() => (line.value === 'registered' ? undefined : talks.value.length ? later(LOST_FOR_MS) : void connect()), ms)
  }

  function hangUpLine(): void {
    turn += 1
    clearTimeout(again)
    for (const one of talks.value) one.hangUp()
    ringing.value?.refuse('not_here')
    open?.stop()
    open = null
    line.value = 'off'
    dropTalks()
  }

  function disconnect(): void {
    hangUpLine()
    release?.()
    release = null
    owner.value = false
  }

  // ---- calls that arrive at it

  function arrive(one: Ringing): void {
    one.when(() => undefined, () => over(one))
    if (answerOf(expected.value, Date.now() < askedUntil) === 'at_once') void answer(one)
    else ringing.value = one
  }

  // The page may hear of its own call after the telephone has begun to ring.
  watch(() => expected.value?.byItself, (byItself) => byItself && ringing.value && void answer(ringing.value))

  async function answer(one: Ringing | null = ringing.value): Promise<void> {
    if (!one) return
    askedUntil = 0
    if (ringing.value === one) ringing.value = null
    try {
      own ??= await openMicrophone(preferences)
      microphone.value = 'there'
    } catch (reason) {
      microphone.value = microphoneOf(reason)
      return one.refuse('not_here')
    }
    setMuted(muted.value)
    talks.value = [...talks.value, one]
    one.answer(own)
    heard.play(one, preferences)
  }

  function over(one: Ringing): void {
    if (ringing.value === one) ringing.value = null
    talks.value = talks.value.filter((each) => each !== one)
    heard.stop(one)
    if (!talks.value.length) dropTalks()
  }

  function dropTalks(): void {
    talks.value = []
    ringing.value = null
    heard.stopAll()
    for (const track of own?.getTracks() ?? []) track.stop()
    own = null
    muted.value = false
  }

  function setMuted(now: boolean): void {
    muted.value = now
    for (const track of own?.getAudioTracks() ?? []) track.enabled = !now
  }

  watch([() => preferences.talking, () => preferences.headset], () => heard.follow(preferences))

  /** Who is on the telephone and not in any call that stands is with nobody. */
  const alone = computed(() => talks.value.length > 0 && !connection.lost && connection.state === 'live' && ![...calls.byId.values()].some(({ legs }) => legs.some(({ user_id }) => user_id === session.userId)))
  let hangUp: ReturnType<typeof setTimeout> | undefined
  watch(alone, (now) => {
    clearTimeout(hangUp)
    if (now) hangUp = setTimeout(() => talks.value.forEach((one) => one.hangUp()), ALONE_FOR_MS)
  })

  async function tryMicrophone(): Promise<void> {
    try {
      const tried = own ?? (await openMicrophone(preferences))
      microphone.value = 'there'
      if (tried !== own) tried.getTracks().forEach((track) => track.stop())
    } catch (reason) {
      microphone.value = microphoneOf(reason)
    }
  }

  // ---- what the user wants

  /** Carries a command out, and shows why not. */
  async function run<T>(command: Promise<T>): Promise<T | null> {
    busy.value = true
    error.value = null
    try {
      return await command
    } catch (reason) {
      error.value = reason
      return null
    } finally {
      busy.value = false
    }
  }

  function expectRing(): void {
    askedUntil = Date.now() + ASKED_FOR_MS
  }

  /** Whoever is spoken with hears music meanwhile. */
  async function holdOwn(): Promise<void> {
    for (const call of calls.bar.own) if (call.state === 'talking') await api.hold(call.id)
  }

  /** True when it is ours. A colleague may have been faster. */
  async function take(call: CallShown): Promise<boolean> {
    expectRing()
    const done = await run(holdOwn().then(() => api.take(call.id)).then(() => true, takenAlready(call)))
    if (!done) askedUntil = 0
    return done ?? false
  }

  /** The alarm was taken, and the call with it. */
  const takenAlready = (call: CallShown) => (reason: unknown) => {
    if (calls.of(call.id)?.taken_by === session.userId) return true
    throw reason
  }

  async function dial(number: string, purpose: Purpose | null = null): Promise<void> {
    expectRing()
    const made = await run(holdOwn().then(() => api.dial({ number: number.replace(/[\s().-]/g, ''), incident_id: purpose?.incidentId ?? null })))
    if (!made) askedUntil = 0
    else if (purpose) purposes.set(made.id, purpose)
  }

  async function listenIn(call: CallShown, how: { whisper: boolean; barge: boolean }): Promise<void> {
    expectRing()
    if ((await run(api.listenIn(call.id, how).then(() => true))) === null) askedUntil = 0
  }

  /** Ends what this seat has in it: a call of its own for everybody, of others only its own ear. */
  async function hangUpOf(call: CallShown): Promise<void> {
    if (call.taken_by === session.userId) await run(api.hangUp(call.id))
    else for (const one of talks.value) one.hangUp()
  }

  async function choose(kind: 'page' | 'desk', desk = ''): Promise<void> {
    const chosen = await run(api.choosePhone(kind, desk))
    if (!chosen) return
    admission.value = chosen
    if (kind === 'page' && on.value && owner.value) await connect()
    else if (kind === 'desk') hangUpLine()
  }

  /** Calls out that are over and not recorded, the latest first. */
  const outcomes = computed<Outcome[]>(() =>
    calls.over.flatMap((call) => {
      const purpose = purposes.get(call.id)
      return purpose ? [{ call, purpose, result: outcomeOf(call, calls.hasRung(call.id)) }] : []
    }),
  )

  whenDropped(() => {
    disconnect()
    admission.value = error.value = null
    microphone.value = 'untried'
    wished.value = false
    purposes.clear()
  })

  return {
    admission, line, microphone, shown, usable, on, wished, owner, muted, busy, error, ringing, talks, unheard, outcomes,
    connect, answer, setMuted, tryMicrophone, run, take, dial, listenIn, hangUpOf, choose,
    hear: () => heard.resume(), decline: () => ringing.value?.refuse('declined'),
  }
})
