/** The board: incidents by id, each only ever replaced by a newer version, and the timelines that are being looked at. */
import { defineStore } from 'pinia'
import { computed, reactive, shallowRef, triggerRef } from 'vue'

import { fetchIncident } from '@/api/incidents'
import type { IncidentDetail, IncidentView, ProofView, TimelineView } from '@/api/wire'

import { useSms } from './sms'

/** Closed incidents that are kept for looking back at; the oldest go first. */
const CLOSED_KEPT = 20

export const useIncidents = defineStore('incidents', () => {
  /** Changed in place and triggered once a message: a burst of hundreds is one change. */
  const byId = shallowRef(new Map<string, IncidentView>())
  const timelines = reactive(new Map<string, TimelineView[]>())
  const proofs = reactive(new Map<string, ProofView[]>())
  /** Incidents whose whole timeline is held and must stay without gaps. */
  const watched = new Set<string>()
  const fetching = new Set<string>()

  const open = computed(() => [...byId.value.values()].filter((incident) => incident.state !== 'closed'))

  /** Newer versions only; true when a version in between is missing. */
  function put(incident: IncidentView): boolean {
    const known = byId.value.get(incident.id)
    if (known && known.version >= incident.version) return false
    byId.value.set(incident.id, Object.freeze(incident))
    return known !== undefined && incident.version > known.version + 1
  }

  function putEntries(entries: readonly TimelineView[]): void {
    for (const entry of entries) {
      const known = timelines.get(entry.incident_id) ?? []
      if (known.some((each) => each.number === entry.number)) continue
      timelines.set(entry.incident_id, [...known, entry].sort((a, b) => a.number - b.number))
    }
  }

  function hasGap(id: string): boolean {
    const incident = byId.value.get(id)
    return incident !== undefined && (timelines.get(id)?.length ?? 0) < incident.version
  }

  function applySnapshot(incidents: readonly IncidentView[]): void {
    const present = new Set(incidents.map((incident) => incident.id))
    for (const [id, incident] of byId.value) {
      if (present.has(id) || incident.state === 'closed') continue
      if (watched.has(id)) refetchLater(id)
      else forget(id)
    }
    applyUpserts(incidents, [])
  }

  function applyUpserts(incidents: readonly IncidentView[], entries: readonly TimelineView[]): void {
    for (const incident of incidents) put(incident)
    putEntries(entries)
    for (const { id } of incidents) if (watched.has(id) && hasGap(id)) refetchLater(id)
    dropOldClosed()
    triggerRef(byId)
  }

  function applyProofs(news: readonly ProofView[]): void {
    for (const proof of news) {
      const known = proofs.get(proof.incident_id) ?? []
      if (known.some((each) => each.ring === proof.ring && each.proof === proof.proof)) continue
      proofs.set(proof.incident_id, [...known, proof])
    }
  }

  function applyDetail(detail: IncidentDetail): void {
    put(detail.incident)
    triggerRef(byId)
    putEntries(detail.entries)
    applyProofs(detail.proofs)
    useSms().apply(detail.messages)
  }

  async function refetch(id: string): Promise<void> {
    if (fetching.has(id)) return
    fetching.add(id)
    try {
      applyDetail(await fetchIncident(id))
    } finally {
      fetching.delete(id)
    }
  }

  /** Without an answer nothing is lost: the next change or the next snapshot asks again. */
  function refetchLater(id: string): void {
    void refetch(id).catch(() => undefined)
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
    timelines.delete(id)
    proofs.delete(id)
  }

  function dropOldClosed(): void {
    const closed = [...byId.value.values()].filter((incident) => incident.state === 'closed' && !watched.has(incident.id))
    closed.sort((a, b) => (a.closed_at ?? '').localeCompare(b.closed_at ?? ''))
    for (const incident of closed.slice(0, Math.max(0, closed.length - CLOSED_KEPT))) forget(incident.id)
  }

  return {
    byId,
    timelines,
    proofs,
    open,
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
