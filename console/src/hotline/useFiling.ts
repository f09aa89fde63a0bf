/** One word about one call: who it was, what it was about, what follows; the same word under the same id until the server has taken it. */
import { computed, ref, shallowRef, watch, type Ref } from 'vue'

import { fetchCall, fileCall, type Disposition, type FiledCall } from '@/api/hotline'
import { ApiError, commandId } from '@/api/http'
import type { ResidentLine } from '@/api/records'

import { useDispositions } from './dispositions'

/** Rows of calls are written some moments after the calls: one that has only just ended may not be there yet. */
const AGAIN_MS = 1_000
const MOST_TRIES = 8

export function useFiling(callId: Ref<string>, filed: (call: FiledCall) => void) {
  const dispositions = useDispositions()
  const call = shallowRef<FiledCall | null>(null)
  const busy = ref(false)
  const failure = shallowRef<unknown>(null)
  const note = ref('')
  /** What they wish of those who come to them. */
  const wish = ref('')
  const person = shallowRef<ResidentLine | null>(null)
  const callAgain = ref<number | null>(null)
  const searching = ref(false)
  /** What opens an alarm wants its key twice. */
  const sure = shallowRef<Disposition | null>(null)
  const anew = ref(false)
  let unsent: { id: string; said: string } | null = null

  const isFiled = computed(() => (call.value?.line.filings ?? 0) > 0 && !anew.value)
  const needsPerson = (each: Disposition) => ['visit', 'task'].includes(each.opens) || (each.opens === 'incident' && !call.value?.line.caller_raw && !call.value?.line.caller_e164)
  const hasPerson = computed(() => person.value !== null || (call.value?.line.home_id ?? null) !== null)

  async function load(tries = 0): Promise<void> {
    const asked = callId.value
    failure.value = null
    try {
      const found = await fetchCall(asked)
      if (asked === callId.value) call.value = found
    } catch (error) {
      if (asked !== callId.value) return
      if (error instanceof ApiError && error.status === 404 && tries < MOST_TRIES) setTimeout(() => asked === callId.value && void load(tries + 1), AGAIN_MS)
      else failure.value = error
    }
  }

  watch(callId, () => {
    call.value = null
    note.value = ''
    wish.value = ''
    person.value = null
    callAgain.value = null
    searching.value = false
    sure.value = null
    anew.value = false
    unsent = null
    void load()
  }, { immediate: true })

  /** The key or button of a word. */
  async function choose(each: Disposition): Promise<void> {
    if (busy.value || !call.value || isFiled.value) return
    if (needsPerson(each) && !hasPerson.value) {
      searching.value = true
      failure.value = new ApiError(422, 'needs_person', '')
      return
    }
    if (each.opens === 'incident' && !call.value.line.incident_id && sure.value?.code !== each.code) {
      sure.value = each
      return
    }
    await send(each)
  }

  async function send(each: Disposition): Promise<void> {
    const { line } = call.value!
    const said = { filings: line.filings, disposition: each.code, note: note.value.trim(), attach: person.value ? { resident_id: person.value.id } : null, call_again_minutes: callAgain.value, wish: wish.value.trim() }
    const words = JSON.stringify(said)
    if (unsent?.said !== words) unsent = { id: commandId(), said: words }
    busy.value = true
    failure.value = null
    try {
      const found = await fileCall(line.id, { id: unsent.id, ...said, task: {} } as Parameters<typeof fileCall>[1])
      call.value = found
      anew.value = false
      sure.value = null
      callAgain.value = null
      wish.value = ''
      filed(found)
    } catch (error) {
      failure.value = error
      if (error instanceof ApiError && error.code === 'changed_meanwhile') {
        const late = error
        await load()
        failure.value = late
      }
    } finally {
      busy.value = false
    }
  }

  function fileAnew(): void {
    anew.value = true
    note.value = call.value?.line.note ?? ''
  }

  /** A key of the panel; whether it was used. */
  function key(pressed: string): boolean {
    if (pressed === 'Escape' && sure.value) {
      sure.value = null
      return true
    }
    const each = dispositions.byKey.get(pressed)
    if (!each || isFiled.value) return false
    void choose(each)
    return true
  }

  return { call, busy, failure, note, wish, person, callAgain, searching, sure, anew, isFiled, load, choose, fileAnew, key }
}
