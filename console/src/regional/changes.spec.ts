import { expect, it } from 'vitest'

import { linesOf, type RegionChange } from './changes'

const change = (before: object, after: object) => ({ at: '', what: 'escalation_changed', name: '', name_en: '', before, after, fields: [] }) as RegionChange

it.each<[object, object, [string, unknown, unknown][]]>([
  [{}, {}, []],
  [{ settings: { hotline: null } }, { settings: { hotline: '12349' } }, [['settings/hotline', null, '12349']]],
  [{ policies: {} }, { policies: { 1: { ring: 'one', duty_s: 30 } } }, [['policies/1/ring', null, 'one'], ['policies/1/duty_s', null, 30]]],
  [{ policies: { 0: { duty_s: 30 } } }, {}, [['policies/0/duty_s', 30, null]]],
  [{ duty_numbers: ['+861'] }, { duty_numbers: [] }, [['duty_numbers', ['+861'], []]]],
])('tells %o from %o line by line', (before, after, lines) => {
  expect(linesOf(change(before, after)).map((line) => [line.path.join('/'), line.before, line.after])).toEqual(lines)
})
