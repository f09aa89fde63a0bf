/** Facts of the past in words: each kind has words of its own, and what nobody foresaw is shown as it was written. */
import { useWords } from './records'

export function useFactWords() {
  const { t, te, option } = useWords()

  function valueWord(kind: string, value: string): string {
    if (kind === 'retiree' || kind === 'party_member') return te(`places.past.word.${value}`) ? t(`places.past.word.${value}`) : value
    return option(kind, value)
  }

  const levelWord = (level: string) => (te(`places.past.grade.${level}`) ? t(`places.past.grade.${level}`) : level)
  const factWord = (fact: { kind: string; value: string; level?: string }) => [valueWord(fact.kind, fact.value), levelWord(fact.level ?? '')].filter(Boolean).join(' ')
  return { valueWord, levelWord, factWord }
}
