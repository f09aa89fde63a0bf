/** The shift of this operator: notes that are to be read, and the one that is to be written. Nothing here decides who is on duty. */
import { defineStore } from 'pinia'
import { ref, watch } from 'vue'

import { acknowledgeNote, beginShift, endShift, type ShiftView } from '@/api/shifts'

import { useDuty } from './duty'
import { whenDropped } from './holding'

/** Between two tries, while the server cannot write. */
const AGAIN_MS = 5_000

export const useShift = defineStore('shift', () => {
  const duty = useDuty()

  const notes = ref<readonly ShiftView[]>([])
  /** Gone off duty a moment ago: what is the next one to know? */
  const handingOver = ref(false)
  const failed = ref(false)
  let again: ReturnType<typeof setTimeout> | undefined

  async function begin(): Promise<void> {
    try {
      notes.value = await beginShift()
    } catch {
      again = setTimeout(() => duty.onDuty && void begin(), AGAIN_MS)
    }
  }

  watch(
    () => duty.onDuty,
    (onDuty) => {
      clearTimeout(again)
      if (onDuty) handingOver.value = false
      else notes.value = []
      if (onDuty) void begin()
    },
    { flush: 'sync' },
  )

  /** It stays until the server has it: a note that nobody has acknowledged is put before them again. */
  async function acknowledge(note: ShiftView): Promise<void> {
    failed.value = false
    try {
      await acknowledgeNote(note.id)
      notes.value = notes.value.filter((each) => each.id !== note.id)
    } catch {
      failed.value = true
    }
  }

  function leave(): void {
    failed.value = false
    handingOver.value = true
  }

  /** The words stay on the screen until they are written down. */
  async function handOver(note: string): Promise<void> {
    failed.value = false
    try {
      await endShift(note)
      handingOver.value = false
    } catch {
      failed.value = true
    }
  }

  whenDropped(() => {
    clearTimeout(again)
    notes.value = []
    handingOver.value = false
  })

  return { notes, handingOver, failed, acknowledge, leave, handOver }
})
