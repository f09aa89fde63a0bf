/** A file of residents on its way in: dry run first, then all or nothing, or the good rows alone. */
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

import { commandId, get } from '@/api/http'
import type { ImportProgress, ImportReport, Region } from '@/api/records'
import { whenDropped } from '@/stores/holding'
import { usePatience } from '@/stores/patience'
import { useSession } from '@/stores/session'

import { upload } from './upload'

export type Stage = 'choose' | 'checking' | 'checked' | 'importing' | 'done'

const LOOK_EVERY_MS = 400

export const useBringing = defineStore('bringing', () => {
  const session = useSession()
  const checking = usePatience()
  const asking = usePatience()

  const stage = ref<Stage>('choose')
  const file = shallowRef<File | null>(null)
  /** What the dry run found. */
  const report = shallowRef<ImportReport | null>(null)
  const imported = shallowRef<ImportReport | null>(null)
  const failure = shallowRef<unknown>(null)
  /** Bad rows that appeared between the dry run and the import, for which nothing was written. */
  const changedRows = ref(0)
  /** 0 to 1 while the bytes travel. */
  const part = ref(0)
  const progress = shallowRef<ImportProgress | null>(null)
  const regions = shallowRef<readonly Region[]>([])
  /** Where rows belong that name no grid. */
  const regionId = ref<number | null>(null)

  const busy = computed(() => stage.value === 'checking' || stage.value === 'importing')
  const away = computed(() => checking.away.value || asking.away.value)

  async function loadRegions(): Promise<void> {
    const all = await asking.ask(() => get<Region[]>('/regions')).catch(() => [])
    regions.value = all.filter((region) => region.level === 'community' || region.level === 'grid')
  }

  /** Sends the file and follows what the server makes of it until its answer is here. */
  async function send(choice: Record<string, string>): Promise<ImportReport> {
    part.value = 0
    progress.value = null
    failure.value = null
    changedRows.value = 0
    const job = commandId()
    const query = new URLSearchParams({ ...choice, job })
    if (regionId.value !== null) query.set('region_id', String(regionId.value))
    const following = setInterval(() => void follow(job), LOOK_EVERY_MS)
    try {
      const csrfToken = session.me?.csrf_token ?? ''
      return (await upload({ path: `/residents/import?${query}`, file: file.value!, csrfToken, onProgress: (now) => (part.value = now) })) as ImportReport
    } finally {
      clearInterval(following)
    }
  }

  async function follow(job: string): Promise<void> {
    if (part.value < 1) return
    const now = await get<ImportProgress>(`/residents/import/jobs/${job}`).catch(() => null)
    if (now) progress.value = now
  }

  /** A dry run changes nothing: it is repeated for as long as the office is away. */
  async function check(chosen: File): Promise<void> {
    file.value = chosen
    report.value = imported.value = null
    stage.value = 'checking'
    try {
      report.value = await checking.ask(() => send({ dry_run: 'true' }), () => stage.value === 'checking')
      stage.value = 'checked'
    } catch (error) {
      stage.value = 'choose'
      failure.value = error
    }
  }

  async function bringIn(mode: ImportReport['mode']): Promise<void> {
    stage.value = 'importing'
    try {
      const result = await send({ dry_run: 'false', mode })
      if (result.written === 0) {
        report.value = result
        stage.value = 'checked'
        changedRows.value = result.bad.length
        return
      }
      imported.value = result
      stage.value = 'done'
    } catch (error) {
      stage.value = 'checked'
      failure.value = error
    }
  }

  /** From the beginning, unless bytes are on their way. */
  function again(): void {
    if (busy.value) return
    stage.value = 'choose'
    file.value = report.value = imported.value = null
    failure.value = null
    changedRows.value = 0
  }

  whenDropped(() => {
    stage.value = 'choose'
    again()
    part.value = 0
    progress.value = null
    regions.value = []
    regionId.value = null
  })

  return { stage, file, report, imported, failure, changedRows, part, progress, regions, regionId, busy, away, loadRegions, check, bringIn, again }
})
