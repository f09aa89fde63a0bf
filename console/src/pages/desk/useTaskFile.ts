/** The chosen task with whom it could go to, read again when it has changed, and what is done about it. */
import { computed, ref, shallowRef, watch, type Ref } from 'vue'

import { fetchPeopleFor, fetchTask, type PeopleForTask, type Task, type TaskDetail } from '@/api/desk'
import { ApiError } from '@/api/http'

export function useTaskFile(chosen: Ref<Task | null>, changed: (task: Task) => void) {
  const detail = shallowRef<TaskDetail | null>(null)
  const people = shallowRef<PeopleForTask | null>(null)
  const failure = shallowRef<unknown>(null)
  const refusal = shallowRef<unknown>(null)
  const busy = ref(false)
  /** What was done last, in a word of `desk`. */
  const done = ref('')
  const id = computed(() => chosen.value?.id ?? null)
  let turn = 0

  async function load(): Promise<void> {
    turn += 1
    const mine = turn
    const wanted = id.value
    if (wanted === null) return
    try {
      const [found, whom] = await Promise.all([fetchTask(wanted), fetchPeopleFor(wanted)])
      if (mine !== turn) return
      detail.value = found
      people.value = whom
      failure.value = null
      changed(found.task)
    } catch (error) {
      if (mine === turn) failure.value = error
    }
  }

  /** One thing at a time; refused for somebody else's change, what stands there is read again at once. */
  async function act(work: (task: Task) => Promise<TaskDetail>, said: string): Promise<boolean> {
    const task = detail.value?.task
    if (!task || busy.value) return false
    busy.value = true
    refusal.value = null
    done.value = ''
    try {
      const found = await work(task)
      changed(found.task)
      done.value = said
      return true
    } catch (error) {
      refusal.value = error
      return false
    } finally {
      busy.value = false
      if (!(refusal.value instanceof ApiError) || refusal.value.status > 0) void load()
    }
  }

  watch(id, () => {
    detail.value = null
    people.value = null
    failure.value = null
    refusal.value = null
    done.value = ''
    void load()
  }, { immediate: true })
  watch(() => chosen.value?.version, (version) => {
    if (detail.value && version !== undefined && detail.value.task.id === id.value && version > detail.value.task.version && !busy.value) void load()
  })
  return { detail, people, failure, refusal, busy, done, load, act }
}

export type TaskFile = ReturnType<typeof useTaskFile>
