/** The columns of a table, and which of them somebody wants to see: kept in their browser, per user and page. */
import { computed, ref } from 'vue'

import { useSession } from '@/stores/session'

interface Shown<Item> {
  title: () => string
  /** What stands in the cell where the page has no slot of the column's name. */
  text?: (item: Item) => string
  /** What rows are sorted by; without it they are not. */
  sort?: (item: Item) => string | number
  /** How much room it has, compared with 1 of the others. */
  share?: number
  figures?: boolean
  /** Left out where there is little room. */
  wide?: boolean
  /** Shown only to those who ask for it. */
  spare?: boolean
}

/** One that a file may have, too, under the same name. */
interface FiledColumn<Item, Name extends string> extends Shown<Item> {
  name: Name
  onScreen?: false
}

/** One that nothing on paper or in a file could be of use for, such as a button. */
interface ScreenColumn<Item> extends Shown<Item> {
  name: string
  onScreen: true
}

export type Column<Item, Name extends string = string> = FiledColumn<Item, Name> | ScreenColumn<Item>

type Choice = Readonly<Record<string, boolean>>

/** The first says what a row is, and always stays. */
export function chosen<One extends Column<never>>(all: readonly One[], choice: Choice): One[] {
  return all.filter((each, at) => at === 0 || (choice[each.name] ?? !each.spare))
}

/** Whatever else a browser may have kept counts as nothing. */
export function readChoice(kept: string | null): Choice {
  try {
    const said: unknown = JSON.parse(kept ?? '{}')
    return Object.fromEntries(Object.entries(said as object).filter(([, value]) => typeof value === 'boolean'))
  } catch {
    return {}
  }
}

export function useColumns<Item, Name extends string = string>(page: string, all: readonly Column<Item, Name>[]) {
  const session = useSession()
  const key = computed(() => `callcenter.columns.${session.userId ?? ''}.${page}`)
  const choice = ref(readChoice(localStorage.getItem(key.value)))
  const shown = computed(() => chosen(all as readonly Column<never>[], choice.value) as Column<Item, Name>[])
  /** Of those shown, what a file has as well. */
  const inFile = computed(() => shown.value.flatMap((each) => (each.onScreen ? [] : [each.name])))

  function toggle(name: string): void {
    const shows = shown.value.some((each) => each.name === name)
    choice.value = { ...choice.value, [name]: !shows }
    localStorage.setItem(key.value, JSON.stringify(choice.value))
  }

  return { all, shown, inFile, toggle }
}

export type Columns = Pick<ReturnType<typeof useColumns<never>>, 'toggle'> & {
  all: readonly { name: string; title: () => string }[]
  shown: { readonly value: readonly { name: string }[] }
}
