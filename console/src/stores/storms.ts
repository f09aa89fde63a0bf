/** Storms that are shown, and which open incidents stand in their lines. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'

import type { StormView } from '@/api/wire'
import { foldStorms } from '@/domain/storms'

import { whenDropped } from './holding'
import { useIncidents } from './incidents'
import { useSession } from './session'

export const useStorms = defineStore('storms', () => {
  const incidents = useIncidents()
  const session = useSession()
  const shown = shallowRef<readonly StormView[]>([])

  const folding = computed(() => foldStorms(incidents.queue.all(), shown.value, session.userId))
  const lines = computed(() => folding.value.lines)
  /** Lines of the queue: a storm is one. */
  const lineCount = computed(() => incidents.queue.size - folding.value.folded.size + lines.value.length)
  const technicalLines = computed(() => incidents.open.filter(({ signal_class }) => signal_class === 'technical').length - folding.value.folded.size + lines.value.length)

  /** The whole of a snapshot. */
  function replace(storms: readonly StormView[] = []): void {
    shown.value = storms
  }

  /** Newer versions only; one that is settled leaves. */
  function apply(news: readonly StormView[]): void {
    const byId = new Map(shown.value.map((storm) => [storm.id, storm]))
    for (const storm of news) {
      const known = byId.get(storm.id)
      if (known && known.version > storm.version) continue
      if (storm.settled_at === null) byId.set(storm.id, storm)
      else byId.delete(storm.id)
    }
    shown.value = [...byId.values()]
  }

  whenDropped(() => replace())

  return { shown, folding, lines, lineCount, technicalLines, replace, apply }
})
