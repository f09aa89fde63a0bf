/** Asks once a minute which build is served, and loads it when nobody waits. */
import { onMounted, onUnmounted } from 'vue'

import { useConnection } from '@/stores/connection'
import { useIncidents } from '@/stores/incidents'

import { mayRenew } from './renewing'

const EVERY_MS = 60_000
const TRIED = 'callcenter.wall.tried'

async function servedBuild(): Promise<string | null> {
  try {
    const answer = await fetch('/build.json', { cache: 'no-store' })
    return answer.ok ? ((await answer.json()) as { build: string }).build : null
  } catch {
    return null
  }
}

export function useRenewal(): void {
  const incidents = useIncidents()
  const connection = useConnection()
  let timer = 0

  async function look(): Promise<void> {
    const served = await servedBuild()
    const standing = { own: __BUILD__, served, tried: sessionStorage.getItem(TRIED), waiting: incidents.ringing.length, must: connection.mustReload }
    if (!mayRenew(standing)) return
    sessionStorage.setItem(TRIED, served!)
    location.reload()
  }

  onMounted(() => (timer = window.setInterval(() => void look(), EVERY_MS)))
  onUnmounted(() => clearInterval(timer))
}
