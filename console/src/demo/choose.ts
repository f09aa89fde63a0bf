/** Which of the eighty devices and hundred phones stand on the page. Pure. */

import type { Acknowledgement, Device, Phone } from './state'

const HAND_HELD: readonly string[] = ['pendant', 'elder_phone', 'bedside_button']

/**
 * The row of devices: the first of each resident in the order given, pendants and elder phones before the rest, at least
 * two elder phones. The row never changes its order, so that nothing moves under the pointer.
 */
export function rowOfDevices(devices: readonly Device[], length: number): Device[] {
  const persons = new Set<string>()
  const firsts = devices.filter((device) => {
    if (!HAND_HELD.includes(device.kind) || !device.resident || persons.has(device.resident)) return false
    persons.add(device.resident)
    return true
  })
  const row = firsts.slice(0, length)
  const phones = row.filter((device) => device.kind === 'elder_phone').length
  const used = new Set(row.map((device) => device.identifier))
  const more = devices.filter((device) => device.kind === 'elder_phone' && !used.has(device.identifier)).slice(0, Math.max(0, 2 - phones))
  return more.length ? mixIn(row.slice(0, length - more.length), more) : row
}

/** Phones stand second and fourth, beside the pendants. */
function mixIn(row: Device[], phones: readonly Device[]): Device[] {
  phones.forEach((phone, i) => row.splice(1 + 2 * i, 0, phone))
  return row
}

/** Devices that are not at rest and not in the row. */
export function busyOutside(devices: readonly Device[], row: readonly Device[]): Device[] {
  const shown = new Set(row.map((device) => device.identifier))
  return devices.filter((device) => device.state !== 'idle' && !shown.has(device.identifier))
}

/** Phones with messages, the one with the newest text from the centre first. An answer does not move a phone. */
export function phonesToShow(phones: readonly Phone[], length: number, since = ''): Phone[] {
  const newest = (phone: Phone) => phone.messages.filter((m) => m.direction === 'out').at(-1)?.at ?? phone.messages.at(-1)!.at
  return phones
    .map((phone) => (since ? { ...phone, messages: phone.messages.filter((message) => message.at >= since) } : phone))
    .filter((phone) => phone.messages.length > 0)
    .sort((a, b) => newest(b).localeCompare(newest(a)))
    .slice(0, length)
}

/**
 * Phones of those who are sent: all of them, since one may write first. Those of the script stand before the others; among each
 * the newest text since the show began first, then as they are listed.
 */
export function staffPhones(phones: readonly Phone[], length: number, since = '', began = since): Phone[] {
  const told = ({ messages }: Phone) => messages.findLast((message) => message.direction === 'out' && message.at >= began)?.at ?? ''
  return phones
    .filter((phone) => phone.kinds?.length)
    .map((phone) => (since ? { ...phone, messages: phone.messages.filter((message) => message.at >= since) } : phone))
    .sort((a, b) => Number(!a.place) - Number(!b.place) || told(b).localeCompare(told(a)) || (a.place ?? 0) - (b.place ?? 0) || a.number.localeCompare(b.number))
    .slice(0, length)
}

/** How many texts from the centre stand on these phones since then. */
export function textsTo(phones: readonly Phone[], since: string): number {
  return phones.reduce((sum, phone) => sum + phone.messages.filter((message) => message.direction === 'out' && message.at >= since).length, 0)
}

/** Everybody else who gets texts: families, and whoever is on the duty list. */
export function familyPhones(phones: readonly Phone[], length: number, since = ''): Phone[] {
  return phonesToShow(phones.filter((phone) => !phone.kinds?.length), length, since)
}

/** One line an incident: a press that joined it comes with the same number and counts for nothing here. */
export function newestAcks(acks: readonly Acknowledgement[], length: number): Acknowledgement[] {
  const firsts = acks.filter((ack, i) => acks.findIndex((other) => other.number === ack.number) === i)
  return firsts.sort((a, b) => b.number - a.number).slice(0, length)
}

export function matches(device: Device, query: string): boolean {
  const words = query.normalize('NFKC').trim().toLowerCase().split(/\s+/)
  const text = `${device.resident} ${device.resident_latin} ${device.home} ${device.home_en} ${device.identifier}`.toLowerCase()
  return words.every((word) => text.includes(word))
}

/** "8 ms", "1.24 s", "2:05 min". */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
  return `${Math.floor(ms / 60_000)}:${String(Math.round((ms % 60_000) / 1000)).padStart(2, '0')} min`
}

/** The address without the estate, which is the same for all: "7号楼2单元501室", "Building 7, entrance 2, door 501". */
export function shortHome(home: string): string {
  return home.replace(/^[^\d,，]*[,，]\s*/, '').replace(/^[\u4e00-\u9fff]+(?=\d)/, '')
}

/** Latin name of a resident, as the devices know it. */
export function latinOf(devices: readonly Device[], resident: string): string {
  return devices.find((device) => device.resident === resident)?.resident_latin ?? resident
}

/** A text in pieces, each with its address where it is one: a link of the centre opens by a click. */
export function inPieces(text: string): { words: string; href: string | null }[] {
  return text.split(/(https?:\/\/[\w.:[\]-]+\/\S*)/).filter(Boolean).map((words) => ({ words, href: /^https?:\/\//.test(words) ? words : null }))
}
