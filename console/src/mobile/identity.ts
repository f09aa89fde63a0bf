/** Ids made by the phone. `crypto.randomUUID` is missing where the page comes without TLS. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((each) => each.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** What this phone calls itself, for whoever ends it. */
export function deviceName(agent = navigator.userAgent): string {
  const model = /\(([^)]*)\)/.exec(agent)?.[1]?.split(';').map((each) => each.trim())
  return (model?.slice(-2).join(' ') ?? agent).slice(0, 100)
}
