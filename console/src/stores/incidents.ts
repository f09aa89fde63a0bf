/** The board: incidents by id, each only ever replaced by a newer version or by a snapshot, and the timelines that are being looked at. */
import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, shallowRef, triggerRef, watch as watchSource } from 'vue'

import { ApiError } from '@/api/http'
import { fetchIncident } from '@/api/incidents'
import type { IncidentDetail, IncidentView, ProofView, TimelineView } from '@/api/wire'
import { isAboutTheSame, isGiven, ringKey } from '@/domain/incident'
import { Queue } from '@/domain/queue'

import { useConnection } from './connection'
import { whenDropped } from './holding'
import { useSeats } from './seats'
import { useSession } from './session'
import { useSms } from './sms'

/** Closed incidents that are kept for looking back at; the oldest go first. */
const CLOSED_KEPT = 20
const AGAIN_MS = 3_000

export interface Merged {
  gone: IncidentView
  /** The id of the incident that it is part of. */
  into: string
}

export const useIncidents = defineStore('incidents', () => {
  const session = useSession()
  const connection = useConnection()

  /** Both are changed in place and triggered once a message: a burst of hundreds is one change. */
  const byId = shallowRef(new Map<string, IncidentView>())
  const queue = shallowRef(new Queue(session.userId))
  /** What the last message brought that was not known in its present ring. */
  const arrived = shallowRef<readonly IncidentView[]>([])
  /** Rings with which an incident was given to this operator: nothing that was done here has answered them. */
  const given = new Set<string>()
  const timelines = shallowReactive(new Map<string, readonly TimelineView[]>())
  const proofs = shallowReactive(new Map<string, readonly ProofView[]>())
  /** What only the page of an incident is told: whom to call, and what closing asks. */
  const details = shallowReactive(new Map<string, Pick<IncidentDetail, 'numbers' | 'services' | 'needs_reason' | 'storm' | 'from_memory'>>())
  /** Incidents whose whole timeline is held and must stay without gaps. */
  const watched = new Set<string>()
  const fetching = new Set<string>()
  /** In the order in which they were closed, as far as it was seen here. */
  const closed = new Set<string>()
  /** Ids of a snapshot that is arriving in slices. */
  let present: Set<string> | null = null
  /** A snapshot has come in part: whoever decides by what is there waits for the rest. */
  const arriving = ref(false)
  /** Grows with each snapshot: an answer that was asked for before it may tell of what is no longer so. */
  let snapshots = 0
  /** An incident that lay open and has turned out to be part of another one. */
  const merged = shallowRef<Merged | null>(null)

  const open = computed(() => [...queue.value.all()])
  const ringing = computed(() => [...queue.value.waiting()])
  /** Those of drills among them, last. */
  const mine = computed(() => [...queue.value.group('mine'), ...queue.value.group('drill').filter((each) => each.taken_by !== null && each.taken_by === session.userId)])

  // Whose queue it is decides the groups.
  watchSource(
    () => session.userId,
    (userId) => {
      queue.value = new Queue(userId)
      for (const incident of byId.value.values()) queue.value.put(incident)
    },
    { flush: 'sync' },
  )

  function putNewer(incident: IncidentView, fresh: IncidentView[]): void {
    const known = byId.value.get(incident.id)
    if (!known || known.version < incident.version) put(incident, fresh)
  }

  /** What was not known to ring so is added to `fresh`. */
  function put(incident: IncidentView, fresh: IncidentView[]): void {
    const known = byId.value.get(incident.id)
    if (isGiven(known, incident, session.userId)) given.add(ringKey(incident))
    byId.value.set(incident.id, Object.freeze(incident))
    queue.value.put(incident)
    if (incident.state === 'closed') return void closed.add(incident.id)
    closed.delete(incident.id)
    if (!known || known.state === 'closed' || known.ring < incident.ring) fresh.push(incident)
  }

  /** The latest word on each number holds: what was shown from memory may be written otherwise. */
  function putEntries(entries: readonly TimelineView[]): void {
    for (const entry of entries) {
      const others = (timelines.get(entry.incident_id) ?? []).filter((each) => each.number !== entry.number)
      timelines.set(entry.incident_id, [...others, entry].sort((a, b) => a.number - b.number))
    }
  }

  /** A whole timeline replaces what was held, but for what has come since it was read. */
  function putTimeline({ incident, entries }: IncidentDetail): void {
    const now = byId.value.get(incident.id)!.version
    const since = (timelines.get(incident.id) ?? []).filter(({ number }) => number > incident.version && number <= now)
    if (entries.length >= incident.version) timelines.set(incident.id, since)
    putEntries(entries)
  }

  function hasGap(id: string): boolean {
    const incident = byId.value.get(id)
    return incident !== undefined && (timelines.get(id)?.length ?? 0) < incident.version
  }

  /**
   * A snapshot, or the slice of one: it replaces what was held, also by a lower version, as after an outage of the database. What no
   * slice holds leaves with the last.
   */
  function applySnapshot(incidents: readonly IncidentView[], last = true): void {
    const fresh: IncidentView[] = []
    present ??= new Set()
    arriving.value = true
    for (const incident of incidents) {
      present.add(incident.id)
      put(incident, fresh)
    }
    if (last) {
      snapshots += 1
      forgetAbsent(present)
      present = null
    }
    dropOldClosed()
    tell(fresh)
    arriving.value = !last
  }

  function forgetAbsent(here: ReadonlySet<string>): void {
    for (const [id, incident] of byId.value) {
      if (here.has(id) || incident.state === 'closed') continue
      if (watched.has(id)) void trace(id)
      else forget(id)
    }
  }

  /** What lies open and is not on the board any more is asked for, until it is known where it went. */
  async function trace(id: string): Promise<void> {
    const now = snapshots
    while (watched.has(id) && now === snapshots) {
      try {
        if (!fetching.has(id)) return await refetch(id)
      } catch (reason) {
        if (isGone(reason)) return leave(id)
      }
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
  }

  function applyUpserts(incidents: readonly IncidentView[], entries: readonly TimelineView[]): void {
    const fresh: IncidentView[] = []
    for (const incident of incidents) {
      putNewer(incident, fresh)
      present?.add(incident.id)
    }
    putEntries(entries)
    for (const { id } of incidents) if (watched.has(id) && hasGap(id)) refetchLater(id)
    dropOldClosed()
    tell(fresh)
  }

  function tell(fresh: readonly IncidentView[]): void {
    triggerRef(byId)
    triggerRef(queue)
    if (fresh.length) arrived.value = fresh
  }

  function applyProofs(news: readonly ProofView[]): void {
    for (const proof of news) {
      const known = proofs.get(proof.incident_id) ?? []
      if (known.some((each) => each.ring === proof.ring && each.proof === proof.proof)) continue
      proofs.set(proof.incident_id, [...known, proof])
    }
  }

  function applyDetail(detail: IncidentDetail): void {
    const fresh: IncidentView[] = []
    putNewer(detail.incident, fresh)
    tell(fresh)
    putTimeline(detail)
    applyProofs(detail.proofs)
    const { numbers, services, needs_reason, storm, from_memory } = detail
    details.set(detail.incident.id, { numbers, services, needs_reason, storm, from_memory })
    useSms().apply(detail.messages)
    useSeats().learn(detail.operators)
  }

  async function refetch(id: string): Promise<void> {
    if (fetching.has(id)) return
    fetching.add(id)
    try {
      applyDetail(await fetchPresent(id))
    } finally {
      fetching.delete(id)
    }
  }

  /** While the database is away the server knows only what is open. */
  const isGone = (reason: unknown) => connection.database && reason instanceof ApiError && reason.status === 404

  async function fetchPresent(id: string): Promise<IncidentDetail> {
    for (;;) {
      const now = snapshots
      const detail = await fetchIncident(id)
      if (now === snapshots) return detail
    }
  }

  /** Without an answer nothing is lost: the next change or the next snapshot asks again. */
  function refetchLater(id: string): void {
    void refetch(id).catch((reason: unknown) => {
      if (isGone(reason)) leave(id)
    })
  }

  /** It is no longer for these eyes, or part of another one. */
  function leave(id: string): void {
    const gone = byId.value.get(id)
    const other = gone && open.value.find((each) => each.id !== id && isAboutTheSame(gone, each))
    if (other) merged.value = { gone, into: other.id }
    forget(id)
    tell([])
  }

  /** Holds the whole timeline from now on. */
  async function watch(id: string): Promise<void> {
    watched.add(id)
    await refetch(id)
  }

  function unwatch(id: string): void {
    watched.delete(id)
  }

  /** After a lost line: what is being looked at may have moved on in ways that no snapshot tells. */
  function refetchWatched(): void {
    for (const id of watched) refetchLater(id)
  }

  function forget(id: string): void {
    byId.value.delete(id)
    queue.value.remove(id)
    closed.delete(id)
    timelines.delete(id)
    proofs.delete(id)
    details.delete(id)
  }

  function dropOldClosed(): void {
    for (const id of closed) {
      if (closed.size <= CLOSED_KEPT) return
      if (!watched.has(id)) forget(id)
    }
  }

  whenDropped(() => {
    byId.value = new Map()
    queue.value = new Queue(session.userId)
    arrived.value = []
    given.clear()
    present = null
    arriving.value = false
    merged.value = null
    for (const held of [timelines, proofs, details, watched, fetching, closed]) held.clear()
  })

  return {
    byId,
    queue,
    arrived,
    isGiven: (incident: IncidentView) => given.has(ringKey(incident)),
    arriving,
    merged,
    timelines,
    proofs,
    details,
    open,
    ringing,
    mine,
    refetchLater,
    applySnapshot,
    applyUpserts,
    applyProofs,
    applyDetail,
    watch,
    unwatch,
    refetch,
    refetchWatched,
  }
})
