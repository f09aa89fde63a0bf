/** Calls, cases and cards for tests: everything that a test does not care about has a plain value. */
import type { CallLine, Card, Disposition, FiledCall, HotlineCase } from '@/api/hotline'

function disposition(code: string, parent: string | null, zh: string, en: string, key: string | null, parts: Partial<Disposition> = {}): Disposition {
  return { code, parent, zh, en, key, effective: true, opens: 'nothing', of_kind: null, due_minutes: null, position: 0, is_offered: true, is_built_in: true, version: 1, ...parts }
}

export const dispositions: Disposition[] = [
  disposition('emergency', null, '紧急求助', 'Emergency', null),
  disposition('fall', 'emergency', '摔倒', 'Has fallen', '3', { opens: 'incident', of_kind: 'fall' }),
  disposition('feedback', null, '意见反馈', 'Feedback', null),
  disposition('praise', 'feedback', '表扬', 'Praise', 'p'),
  disposition('complaint', 'feedback', '投诉', 'A complaint', 'k', { opens: 'complaint', due_minutes: 4_320 }),
  disposition('visit', 'care', '希望上门看望', 'Wants somebody to come', 'c', { opens: 'visit' }),
  disposition('care', null, '服务需求', 'Wants a service', null),
  disposition('prank', 'other', '骚扰电话', 'A prank', 'x', { effective: false, is_offered: false }),
  disposition('wrong_number', 'other', '打错电话', 'Wrong number', 'w', { effective: false }),
  disposition('missed', 'other', '未接来电，已处理', 'Missed, and worked off', null, { effective: false }),
  disposition('other', null, '其他', 'Other', null),
]

export function line(parts: Partial<CallLine> = {}): CallLine {
  return {
    id: 'call-1', source: 'live', direction: 'in', kind: 'hotline', line: '12349', line_name: '便民热线', line_name_en: 'Hotline', region_id: 1, caller_raw: '013912345678', caller_e164: '+8613912345678', presentation: 'shown', matches: 1,
    home_id: 5, address: '7号楼501', address_en: 'Building 7, 501', resident_id: 6, name: '沈玉兰', name_latin: 'Shen Yulan', contact_id: null, contact_name: null, contact_latin: null, staff_name: null, organisation_name: null, state: 'ended',
    offered_at: '2026-11-28T08:00:00Z', answered_at: '2026-11-28T08:00:08Z', answered_by: 1, answered_by_name: '林晓雯', ended_at: '2026-11-28T08:01:38Z', waited_s: 8, talked_s: 90, disposition: null, filed_at: null, filings: 0, note: '',
    incident_id: null, incident_number: null, task_id: null, call_back_wanted: false, worked_off_at: null, worked_off_how: null, worked_off_reason: '', times: 1, first_at: '2026-11-28T08:00:00Z', ...parts,
  }
}

export function filed(parts: Partial<CallLine> = {}, more: Partial<FiledCall> = {}): FiledCall {
  return { line: line(parts), filings: [], legs: [], cases: [], person: null, earlier: [], ...more }
}

export function oneCase(parts: Partial<HotlineCase> = {}): HotlineCase {
  return {
    id: 'case-1', number: 17, version: 1, kind: 'complaint', state: 'open', call_id: 'call-1', disposition: 'complaint', region_id: 1, home_id: 5, address: '7号楼501', address_en: 'Building 7, 501', resident_id: 6, name: '沈玉兰', name_latin: 'Shen Yulan',
    caller_e164: '+8613912345678', caller_raw: '013912345678', note: '', opened_at: '2026-11-28T08:02:00Z', opened_by_name: '林晓雯', due_at: '2026-12-01T08:02:00Z', is_overdue: false, done_at: null, done_by_name: null, result: '', ...parts,
  }
}

export function card(parts: Partial<Card> = {}): Card {
  return { code: 'gas', n: 0, title_zh: '闻到燃气味', title_en: 'A smell of gas', text_zh: '先开窗。\n- 关总阀', text_en: 'Open the windows.\n- Shut the tap', dispositions: ['gas_smell'], traits: [], position: 0, is_offered: true, for_this: true, ...parts }
}
