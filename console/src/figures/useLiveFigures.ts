/** The live figures, asked for every two seconds as long as somebody looks. */
import { onMounted, onUnmounted, ref, shallowRef, type Ref } from 'vue'

import { get } from '@/api/http'

import type { LiveFigures } from './figures'

const EVERY_MS = 2_000

export interface Asked {
  figures: Readonly<Ref<LiveFigures | null>>
  /** By `performance.now()`: when an answer came last. */
  answeredAt: Readonly<Ref<number>>
}

export function useLiveFigures(): Asked {
  const figures = shallowRef<LiveFigures | null>(null)
  const answeredAt = ref(performance.now())
  let timer = 0
  let gone = false

  async function ask(): Promise<void> {
    try {
      figures.value = await get<LiveFigures>('/live')
      answeredAt.value = performance.now()
    } catch {
      // asked again; whoever shows them says how old they are
    }
    if (!gone) timer = window.setTimeout(() => void ask(), EVERY_MS)
  }

  onMounted(() => void ask())
  onUnmounted(() => {
    gone = true
    clearTimeout(timer)
  })
  return { figures, answeredAt }
}
