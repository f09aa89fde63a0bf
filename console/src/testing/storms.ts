/** Storms for tests. */
import type { StormView } from '@/api/wire'

import { incident } from './views'

export function storm(parts: Partial<StormView> = {}): StormView {
  return {
    id: 'storm-1', version: 1, kind: 'power_fail', mode: 'real', region_id: 3, region_path: [1, 2, 3], below: true, region_name: '榆荫里社区', region_name_en: 'Yuyinli',
    since: '2026-11-22T04:12:00Z', last_at: '2026-11-22T04:13:00Z', over_at: null, settled_at: null, order: null, ...parts,
  }
}

export function order(parts: Partial<NonNullable<StormView['order']>> = {}): NonNullable<StormView['order']> {
  return { id: 'order-1', action: 'close', outcome: 'technical', user_id: 1, user_name: '林晓雯', due_at: '2026-11-22T04:14:10Z', state: 'waiting', done: 0, left_out: 0, ...parts }
}

export const powerless = (parts: Parameters<typeof incident>[0] = {}) =>
  incident({ signal_class: 'technical', kind: 'power_fail', kinds: ['power_fail'], priority: 3, region_id: 31, region_path: [1, 2, 3, 31], opened_at: '2026-11-22T04:12:30Z', ...parts })
