import { describe, expect, it } from 'vitest'
import { nextTick } from 'vue'

import { eachInAFreshBrowser, show } from '@/testing/pages'

import ListTable from './ListTable.vue'
import { onPaper } from './paper'

interface Row { id: number; name: string }
const rows = (count: number): Row[] => Array.from({ length: count }, (_, id) => ({ id, name: `row ${id}` }))
const columns = [
  { name: 'name', title: () => 'Name', sort: (row: Row) => row.name },
  { name: 'id', title: () => 'Id', text: (row: Row) => String(row.id), wide: true },
]

describe('the table of a list', () => {
  eachInAFreshBrowser()

  function table(items: Row[], more: Record<string, unknown> = {}) {
    const props = { items, columns, rowKey: (row: Row) => row.id, label: 'people', rowTest: 'row', ...more }
    return show(ListTable as never, 'en', { props, slots: { name: '<template #name="{ item }"><b>{{ item.name }}</b></template>' } }).wrapper
  }

  it('shows its columns by slot or by text, under headings', () => {
    const wrapper = table(rows(2))
    expect(wrapper.findAll('th').map((each) => each.text())).toEqual(['Name', 'Id'])
    expect(wrapper.findAll('[data-test=row]').map((each) => each.findAll('td').map((cell) => cell.text()))).toEqual([['row 0', '0'], ['row 1', '1']])
    expect(wrapper.get('table').attributes()).toMatchObject({ 'aria-label': 'people' })
    expect(wrapper.find('[data-test=row] b').exists()).toBe(true)
  })

  it('sorts by a heading, up, down and not at all', async () => {
    const wrapper = table([{ id: 1, name: 'row 10' }, { id: 2, name: 'row 9' }, { id: 3, name: 'row 11' }])
    const press = () => wrapper.get('th button').trigger('click')
    const ids = () => wrapper.findAll('[data-test=row] td:last-child').map((cell) => cell.text())
    const seen = [ids()]
    for (let time = 0; time < 3; time++) {
      await press()
      seen.push(ids())
    }
    expect(seen).toEqual([['1', '2', '3'], ['2', '1', '3'], ['3', '1', '2'], ['1', '2', '3']])
    await press()
    expect(wrapper.findAll('th').map((each) => each.attributes('aria-sort'))).toEqual(['ascending', undefined])
  })

  it('does not sort a part of a list as if it were all of it', () => expect(table(rows(2), { total: 3 }).find('th button').exists()).toBe(false))

  it('draws of thousands of rows those in sight, says how many there are, and finds any', async () => {
    const wrapper = table(rows(5_000))
    await nextTick()
    const drawn = () => wrapper.findAll('[data-test=row]')
    expect(drawn().length).toBeGreaterThan(10)
    expect(drawn().length).toBeLessThan(60)
    expect(wrapper.get('table').attributes('aria-rowcount')).toBe('5001')
    expect(drawn()[0]!.attributes('aria-rowindex')).toBe('2')
    Element.prototype.scrollIntoView ??= () => undefined
    const found = await (wrapper.vm as unknown as { reveal: (at: number) => Promise<HTMLElement> }).reveal(4_000)
    expect(found.textContent).toContain('row 4000')
  })

  it('draws all of them on paper', async () => {
    const wrapper = table(rows(300))
    onPaper.value = true
    await nextTick()
    expect(wrapper.findAll('[data-test=row]')).toHaveLength(300)
    onPaper.value = false
  })
})
