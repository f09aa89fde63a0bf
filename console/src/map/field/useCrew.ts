/** Who is on duty as a map draws them: whose card lies open, at whom the mouse points, and what is painted. */
import { computed, ref } from 'vue'
import { useI18n } from 'vue-i18n'

import type { LngLat } from '@/api/places'

import { enlargement } from '../enlarged'
import type { Scene } from './painting'
import type { FieldPerson } from './people'
import type { FieldView } from './useDots'
import { useFieldWords } from './useWords'

const TURN_MS = 10_000

/** `field` null: nobody is shown here. `quiet`: nobody operates this screen, so that what is said of somebody stands beside their sign. */
export function useCrew(field: () => FieldView | null, alarms: () => readonly LngLat[], quiet: () => boolean) {
  const { t } = useI18n()
  const { nameOf, jobOf, ageText } = useFieldWords()
  const chosen = ref<number | null>(null)
  const pointed = ref<number | null>(null)

  function captionOf(person: FieldPerson): string {
    const said = { name: nameOf(person), job: jobOf(person) }
    if (quiet()) return t('dots.line', { ...said, age: ageText(person, field()?.now ?? 0) })
    return person.task_kind || person.staff_id === chosen.value ? t('dots.short', said) : ''
  }

  const scene = computed<Scene | null>(() => {
    const seen = field()
    if (!seen) return null
    const turn = quiet() ? Math.floor(seen.now / TURN_MS) : null
    return { people: [...seen.people.values()], now: seen.now, silent: seen.silent, chosen: chosen.value, captionOf, alarms: alarms(), enlarged: enlargement(), turn }
  })

  return { chosen, pointed, scene }
}
