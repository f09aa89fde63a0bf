/** What supervisors have told this seat and it has not read, and what others have opened with a reason, for who watches over it. */
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

import { markRead, type Announcement } from '@/api/announcements'
import type { Access } from '@/api/emergency'

import { whenDropped } from './holding'
import { useNow } from './now'
import { useSession } from './session'

const NOTICE_MS = 15 * 60_000

export const useAnnouncements = defineStore('announcements', () => {
  const session = useSession()
  const now = useNow()
  const all = ref(new Map<string, Announcement>())
  const accesses = ref(new Map<number, Access>())
  /** Read here a moment ago; what the server could not note comes back. */
  const reading = ref(new Set<string>())
  /** Notices of accesses that were put away at this console. */
  const putAway = ref(new Set<number>())

  const isMine = (one: Announcement) => one.people.some(({ user_id, read_at }) => user_id === session.userId && read_at !== null)
  const stands = (one: Announcement) => one.ended_at === null && Date.parse(one.until_at) > now.value
  const unread = computed(() =>
    [...all.value.values()]
      .filter((one) => stands(one) && one.by_id !== session.userId && !isMine(one) && !reading.value.has(one.id))
      .sort((a, b) => Number(b.must_acknowledge) - Number(a.must_acknowledge) || a.written_at.localeCompare(b.written_at)),
  )
  const noticed = computed(() =>
    [...accesses.value.values()].filter(
      (one) => one.user_id !== session.userId && !putAway.value.has(one.id) && (one.ended_at === null || Date.parse(one.opened_at) > now.value - NOTICE_MS),
    ),
  )

  function apply(told: readonly Announcement[], replace = false): void {
    if (replace) all.value.clear()
    for (const one of told) if ((all.value.get(one.id)?.version ?? 0) < one.version) all.value.set(one.id, one)
  }

  function applyAccesses(told: readonly Access[], replace = false): void {
    if (replace) accesses.value.clear()
    for (const one of told) accesses.value.set(one.id, one)
  }

  async function read(one: Announcement): Promise<void> {
    reading.value.add(one.id)
    try {
      await markRead(one.id)
    } catch {
      reading.value.delete(one.id)
    }
  }

  whenDropped(() => {
    for (const each of [all, accesses, reading, putAway]) each.value.clear()
  })

  return { all, accesses, unread, noticed, apply, applyAccesses, read, putAway: (id: number) => void putAway.value.add(id) }
})
