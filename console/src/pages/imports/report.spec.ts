import { expect, it } from 'vitest'

import type { ImportReport } from '@/api/records'

import { countReasons, reasonLines } from './report'

const reason = (column: string) => ({ column, code: 'mangled', value: '3.7E+17', message: 'was turned into an amount', message_zh: '被改成了数值' })
const report: ImportReport = {
  dry_run: true,
  mode: 'all_or_nothing',
  job: 'j',
  in_file: 9,
  total: 9,
  good: 7,
  written: 0,
  ignored_columns: [],
  ignored_sheets: [],
  left_out: [],
  unknown_words: [],
  remarks: [],
  bad: [{ row: 8, name: '甲', reasons: [reason('电话')] }, { row: 3, name: '乙', reasons: [reason('身份证号'), reason('电话')] }],
}

it('lists every reason in the order of the file, the row number once', () => {
  expect(reasonLines(report.bad, 99).map(({ row, column, span }) => [row, column, span])).toEqual([[3, '身份证号', 2], [3, '电话', 0], [8, '电话', 1]])
})

it('stops at the limit without leaving a span behind', () => {
  expect(reasonLines(report.bad, 1).map(({ row, span }) => [row, span])).toEqual([[3, 1]])
  expect(countReasons(report)).toBe(3)
})
