/** Where the queue, its photographs and the jobs last seen lie, so that they outlive a browser that is closed. */
import type { Item, Photo } from './queue'

export interface Shelf {
  /** False: the browser keeps nothing, and all is lost with the page. */
  keeps: boolean
  items: () => Promise<Item[]>
  putItem: (item: Item, photo?: Photo) => Promise<void>
  dropItem: (id: string) => Promise<void>
  photos: () => Promise<Photo[]>
  putPhoto: (photo: Photo) => Promise<void>
  dropPhoto: (id: string) => Promise<void>
  kept: <T>(name: string) => Promise<T | undefined>
  keep: (name: string, value: unknown) => Promise<void>
}

const STORES = ['items', 'photos', 'kept'] as const
type Store = (typeof STORES)[number]

const settled = <T>(request: IDBRequest<T>) =>
  new Promise<T>((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

function opened(): Promise<IDBDatabase> {
  const request = indexedDB.open('phone', 1)
  request.onupgradeneeded = () => {
    for (const store of STORES) request.result.createObjectStore(store, store === 'kept' ? undefined : { keyPath: 'id' })
  }
  return settled(request)
}

/** One transaction, told when it lies on the disk. */
function within(base: IDBDatabase, stores: readonly Store[], work: (store: (name: Store) => IDBObjectStore) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = base.transaction(stores as string[], 'readwrite', { durability: 'strict' })
    transaction.oncomplete = () => resolve()
    transaction.onabort = transaction.onerror = () => reject(transaction.error)
    work((name) => transaction.objectStore(name))
  })
}

function inDatabase(base: IDBDatabase): Shelf {
  const all = <T>(store: Store) => settled(base.transaction(store).objectStore(store).getAll() as IDBRequest<T[]>)
  return {
    keeps: true,
    items: () => all<Item>('items'),
    photos: () => all<Photo>('photos'),
    putItem: (item, photo) =>
      within(base, ['items', 'photos'], (store) => {
        store('items').put(item)
        if (photo) store('photos').put(photo)
      }),
    dropItem: (id) => within(base, ['items'], (store) => store('items').delete(id)),
    putPhoto: (photo) => within(base, ['photos'], (store) => store('photos').put(photo)),
    dropPhoto: (id) => within(base, ['photos'], (store) => store('photos').delete(id)),
    kept: <T>(name: string) => settled(base.transaction('kept').objectStore('kept').get(name) as IDBRequest<T | undefined>),
    keep: (name, value) => within(base, ['kept'], (store) => store('kept').put(value, name)),
  }
}

/** For a browser that refuses to keep anything, as in a private window. */
export function inMemory(): Shelf {
  const [items, photos, kept] = [new Map<string, Item>(), new Map<string, Photo>(), new Map<string, unknown>()]
  return {
    keeps: false,
    items: async () => [...items.values()],
    photos: async () => [...photos.values()],
    async putItem(item, photo) {
      items.set(item.id, item)
      if (photo) photos.set(photo.id, photo)
    },
    dropItem: async (id) => void items.delete(id),
    putPhoto: async (photo) => void photos.set(photo.id, photo),
    dropPhoto: async (id) => void photos.delete(id),
    kept: async <T>(name: string) => kept.get(name) as T | undefined,
    keep: async (name, value) => void kept.set(name, value),
  }
}

export async function openShelf(): Promise<Shelf> {
  try {
    const shelf = inDatabase(await opened())
    void navigator.storage?.persist?.() // so that a full phone takes other things first
    return shelf
  } catch {
    return inMemory()
  }
}
