/** What a dispatcher is asked about a task before it is done. */
export type Question = 'take_away' | 'call_off' | 'finish' | 'note' | 'called' | 'move'

export interface Said {
  words: string
  reached: boolean
  /** ISO, with zone. */
  at: string
  minutes: number
}
