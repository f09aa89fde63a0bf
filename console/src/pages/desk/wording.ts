/** Tasks in words: who, where, when, what happened, and refusals of the desk before those of everybody. */
import { useI18n } from 'vue-i18n'

import type { Suggestion, Task, TaskDetail } from '@/api/desk'
import { ApiError } from '@/api/http'
import { useNow } from '@/stores/now'
import { useWording } from '@/words/wording'

import { groupOf } from './ordering'

type Step = TaskDetail['steps'][number]
type Reason = Suggestion['reasons'][number]

export function useDeskWording() {
  const { t, te } = useI18n()
  const now = useNow()
  const { refusal, inEnglish, staffName, day, clock, span } = useWording()

  function refused(error: unknown): string {
    if (!(error instanceof ApiError) || !te(`desk.error.${error.code}`)) return refusal(error)
    const why = String(error.params.why ?? '')
    return t(`desk.error.${error.code}`, { name: staffName(String(error.params.name ?? '')), why: te(`desk.why.${why}`) ? t(`desk.why.${why}`) : why })
  }

  /** Today's by the clock alone. */
  function moment(at: string): string {
    const sameDay = day(at) === day(new Date(now.value).toISOString())
    return sameDay ? clock(at, false) : `${day(at)} ${clock(at, false)}`
  }

  const whereOf = (task: Task) => inEnglish(task.address, task.address_en) || task.place
  /** For whom; where it is for nobody, what. */
  const whoOf = (task: Task) => (task.name ? inEnglish(task.name, task.name_latin) : task.incident_number ? t('desk.incident', { n: task.incident_number }) : task.what || whereOf(task))

  /** How late, where it is. */
  function lateness(task: Task): string {
    const group = groupOf(task, now.value)
    if (group === 'lone_worker') return t('desk.overdue_by', { span: span(task.overdue_at!, now.value) })
    return task.late_at && ['late', 'unplaced_rescue', 'unplaced'].includes(group) && now.value > Date.parse(task.late_at) ? t('desk.late_by', { span: span(task.late_at, now.value) }) : ''
  }

  /** Who has it, or how many are asked. */
  function holder(task: Task): string {
    if (task.staff_name) return staffName(task.staff_name)
    return task.asked ? t('desk.asked_n', { n: task.asked }) : t('desk.nobody')
  }

  function merit({ merit: name, value }: Reason): string {
    const said = name === 'busy_until' && value ? moment(value) : value
    return t(`desk.merit.${name}`, { value: said, n: Number(value) || 0 })
  }

  const text = (value: unknown) => (typeof value === 'string' ? value : '')

  /** What happened, with whatever was said to it. */
  function step(one: Step): string {
    const { data } = one
    const said = [t(`desk.step.${one.kind}`, { name: staffName(one.staff_name ?? text(data.staff)) }), text(data.words) || text(data.reason) || text(data.note)]
    if (one.kind === 'called') said.splice(1, 0, t(data.reached ? 'desk.reached' : 'desk.not_reached'))
    if (one.kind === 'changed' && text(data.from) && text(data.to)) said.push(t('desk.moved_from', { from: moment(text(data.from)), to: moment(text(data.to)) }))
    if (text(data.eta)) said.push(t('desk.eta', { at: moment(text(data.eta)) }))
    return said.filter(Boolean).join(' · ')
  }

  return { t, refused, staffName, moment, whereOf, whoOf, lateness, holder, merit, step }
}
