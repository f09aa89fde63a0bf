/** What a close says to the family. Pure. */
import type { DraftText } from '@/api/incidents'

/** Equal texts as one, with everybody who gets it. */
export function eachOnce(drafts: readonly DraftText[]): { text: string; language: string; recipients: string[] }[] {
  const found = new Map<string, { text: string; language: string; recipients: string[] }>()
  for (const { text, language, recipient } of drafts) {
    const same = found.get(text)
    if (same) same.recipients.push(recipient)
    else found.set(text, { text, language, recipients: [recipient] })
  }
  return [...found.values()]
}
