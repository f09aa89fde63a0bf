/** The proofs that were asked for, and the one that is read; while one is under way they are looked at again. */
import { onBeforeUnmount, onMounted, ref, shallowRef } from 'vue'

import { askForProof, fetchProof, fetchProofs, type Proof, type ProofHead } from '@/api/proofs'
import { usePatience } from '@/stores/patience'

const AGAIN_MS = 2_000

export function useProofs(language: () => string) {
  const { away, ask } = usePatience()
  const heads = shallowRef<readonly ProofHead[] | null>(null)
  const open = shallowRef<Proof | null>(null)
  const failure = shallowRef<unknown>(null)
  const busy = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  let gone = false

  async function attempt(work: () => Promise<void>): Promise<void> {
    failure.value = null
    busy.value = true
    try {
      await work()
    } catch (error) {
      failure.value = error
    } finally {
      busy.value = false
    }
  }

  async function read(id: string): Promise<void> {
    open.value = await ask(() => fetchProof(id, language()), () => !gone)
  }

  async function look(): Promise<void> {
    clearTimeout(timer)
    const found = await ask(fetchProofs, () => !gone)
    heads.value = found
    const mine = found.find(({ id }) => id === open.value?.id)
    if (mine?.ended_at && !open.value?.ended_at) await read(mine.id)
    if (!gone && found.some(({ ended_at: ended }) => !ended)) timer = setTimeout(() => void attempt(look), AGAIN_MS)
  }

  const prove = (region: number, from: string, to: string) =>
    attempt(async () => {
      const head = await askForProof(region, from, to)
      open.value = { ...head, lines: [] }
      await look()
    })
  const show = (id: string) => attempt(() => read(id))

  onMounted(() => void attempt(look))
  onBeforeUnmount(() => {
    gone = true
    clearTimeout(timer)
  })
  return { heads, open, failure, busy, away, prove, show }
}
