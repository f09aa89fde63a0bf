/** The plan that is being written: what it holds, whose it is, what the server finds wrong with it, and where it stands when it is played. */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'

import { ApiError } from '@/api/http'
import { addPlan, changePlan, fetchPlan, rehearse, type Content, type Flaw, type Owner, type Plan, type Standing } from '@/api/plans'
import { usePatience } from '@/stores/patience'

import { emptyPlan } from './editing'

const TYPING_PAUSE_MS = 300

export interface Said {
  step: string
  answer: string
}

export function useDraft() {
  const plan = shallowRef<Plan | null>(null)
  const content = ref<Content>(emptyPlan())
  const owner = ref<Owner>({ region_id: null, resident_id: null })
  const flaws = shallowRef<readonly Flaw[]>([])
  const failure = shallowRef<unknown>(null)
  const standing = shallowRef<Standing | null>(null)
  const said = ref<Said[]>([])
  const passedMin = ref(0)
  const busy = ref(false)
  const written = ref(false)
  const kept = ref('')
  const asking = usePatience()
  const playing = usePatience()
  let typing: ReturnType<typeof setTimeout> | undefined
  let turn = 0

  const dirty = computed(() => JSON.stringify(content.value) !== kept.value)
  const saved = computed(() => written.value && !dirty.value)
  const owned = computed(() => owner.value.region_id !== null || owner.value.resident_id !== null)

  function begin(of: Content, whose: Owner, known: Plan | null): void {
    plan.value = known
    content.value = structuredClone({ name: of.name, name_en: of.name_en, kinds: of.kinds, active: of.active, steps: of.steps, ring_after_s: of.ring_after_s ?? null })
    owner.value = { region_id: whose.region_id, resident_id: whose.resident_id }
    kept.value = known ? JSON.stringify(content.value) : ''
    flaws.value = []
    failure.value = null
    written.value = false
    replay()
  }

  async function open(id: number): Promise<void> {
    turn += 1
    const mine = turn
    failure.value = null
    try {
      const found = await asking.ask(() => fetchPlan(id), () => mine === turn)
      if (mine === turn) begin(found, found, found)
    } catch (error) {
      if (mine === turn) failure.value = error
    }
  }

  /** The plan as it was saved; null where it was refused. */
  async function save(): Promise<Plan | null> {
    busy.value = true
    failure.value = null
    try {
      const before = plan.value
      const done = before ? await changePlan(before.id, before.version, content.value) : await addPlan(content.value, owner.value)
      begin(done, done, done)
      written.value = true
      return done
    } catch (error) {
      failure.value = error
      flaws.value = flawsOf(error)
      return null
    } finally {
      busy.value = false
    }
  }

  /** From the beginning. */
  function replay(): void {
    said.value = []
    passedMin.value = 0
  }

  function say(step: string, answer: string): void {
    passedMin.value = 0
    said.value = [...said.value, { step, answer }]
  }

  function takeBack(): void {
    passedMin.value = 0
    said.value = said.value.slice(0, -1)
  }

  let look = 0
  async function lookThrough(): Promise<void> {
    look += 1
    const mine = look
    if (!owned.value) return
    try {
      const found = await playing.ask(() => rehearse(owner.value, content.value.steps, said.value, passedMin.value), () => mine === look)
      if (mine !== look) return
      flaws.value = found.flaws
      standing.value = found.standing ?? null
    } catch {
      // it is asked again with the next change, and whatever is wrong is told in saving
      if (mine === look) standing.value = null
    }
  }

  watch([() => content.value.steps, owner], () => {
    clearTimeout(typing)
    typing = setTimeout(() => void lookThrough(), TYPING_PAUSE_MS)
  }, { deep: true })
  watch([said, passedMin], () => void lookThrough(), { deep: true })
  onScopeDispose(() => clearTimeout(typing))

  return { plan, content, owner, owned, flaws, failure, standing, said, passedMin, busy, saved, dirty, away: asking.away, begin, open, save, say, takeBack, replay }
}

/** Of a plan that cannot be followed. */
export function flawsOf(error: unknown): readonly Flaw[] {
  const listed = error instanceof ApiError && error.code === 'plan_refused' ? error.params.flaws : undefined
  return Array.isArray(listed) ? (listed as Flaw[]) : []
}
