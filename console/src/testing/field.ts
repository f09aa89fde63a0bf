/** Somebody on duty, and what the server says of them. */
import type { FieldAnswer, FieldPerson } from '@/map/field/people'

export function person(staff_id: number, parts: Partial<FieldPerson> = {}): FieldPerson {
  return {
    staff_id, name: `护理员${staff_id}`, kinds: ['caregiver'], region_id: 2, at: '2026-03-14T09:00:00Z', lat: 40, lng: 104, accuracy_m: 12, source: 'page',
    task_id: null, task_kind: null, task_state: null, since: null, ...parts,
  }
}

export function answer(parts: Partial<FieldAnswer> = {}): FieldAnswer {
  return { cursor: 'a:1', now: '2026-03-14T09:00:00Z', whole: false, dots: [], gone: [], ...parts }
}
