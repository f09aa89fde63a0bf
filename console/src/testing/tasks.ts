/** Tasks for tests of the desk. */
import type { Task, TaskDetail } from '@/api/desk'

export const NOW = '2026-11-12T09:00:00Z'

export function task(parts: Partial<Task> = {}): Task {
  return {
    id: '01900000-0000-7000-8000-000000000001', version: 3, kind: 'visit', state: 'open', rank: 5, due_at: '2026-11-12T10:00:00Z', overdue_at: null, late_at: '2026-11-12T10:00:00Z', risk_at: '2026-11-12T09:45:00Z', will_be_late: false,
    region_id: 1, code: 482, what: '打扫', place: '榆荫里7号楼', destination: '', home_id: 5, address: '榆荫里7号楼501', address_en: 'Yuyinli 7, 501', lat: 40, lng: 104, resident_id: 6, name: '沈玉兰', name_latin: 'Shen Yulan',
    incident_id: null, incident_number: null, priority: 5, created_at: '2026-11-12T08:00:00Z', begins_at: '2026-11-12T10:00:00Z', until_at: '2026-11-12T10:00:00Z', minutes: 60, staff_id: null, staff_name: null, eta: null, arrived_at: null,
    ended_at: null, asked: 0, ...parts,
  }
}

export const idOf = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`

export function detail(parts: Partial<Task> = {}): TaskDetail {
  return {
    task: task(parts), skills: ['助浴'], languages: [], kinds: [], check_list: ['量血压'], hazards: '', reason: '', created_by_name: '周敏', accepted_at: null, set_out_at: null, staff_phone: null, asked_at: null, rating: null, rated_by: '',
    steps: [{ n: 1, at: NOW, kind: 'entered', state: 'open', staff_id: null, staff_name: null, by: 'desk', user_name: '周敏', data: {} }],
    offers: [{ n: 1, staff_id: 4, staff_name: '何佳', by: 'screen', offered_at: NOW, expires_at: '2026-11-12T09:10:00Z', answer: 'declined', answered_at: NOW, given_back: false }],
    check_ins: [],
  }
}

export const people = {
  suggested: [{ staff_id: 3, name: '孙玲', kinds: ['caregiver'], phone: '+8613900300004', minutes: 7, reasons: [{ merit: 'free', value: '' }, { merit: 'minutes', value: '7' }, { merit: 'jobs_today', value: '2' }, { merit: 'busy_until', value: '2026-11-12T09:30:00+00:00' }] }],
  hindered: [{ staff_id: 4, name: '何佳', kinds: ['caregiver'], phone: null, why: 'said_no' }],
  as_of: NOW,
}
