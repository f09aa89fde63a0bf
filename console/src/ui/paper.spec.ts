import { expect, it, vi } from 'vitest'

import { onPaper, printAll } from './paper'

it('holds everything while a page is printed, and only then', async () => {
  const seen: boolean[] = []
  vi.stubGlobal('print', () => seen.push(onPaper.value))
  await printAll()
  expect([...seen, onPaper.value]).toEqual([true, false])
  dispatchEvent(new Event('beforeprint'))
  expect(onPaper.value).toBe(true)
  dispatchEvent(new Event('afterprint'))
  expect(onPaper.value).toBe(false)
})
