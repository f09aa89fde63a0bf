/** Photographs in the words of the screen. */
import type { Photograph } from '@/api/photographs'
import { useWording } from '@/words/wording'

export function usePhotographWords() {
  const { t, inEnglish } = useWording()
  const caption = (each: Photograph) => inEnglish(each.caption, each.caption_en)
  /** What it shows, for whoever cannot see it. */
  const title = (each: Photograph) =>
    [t(`photographs.kind.${each.kind}`), each.entrance && t('map.entrance', { name: each.entrance })].filter(Boolean).join(' · ')
  const said = (each: Photograph) => [title(each), caption(each)].filter(Boolean).join(t('seat.colon'))
  const taken = (each: Photograph) => (each.taken_on ? t('photographs.taken', { day: each.taken_on }) : t('photographs.stored', { day: each.stored_at.slice(0, 10) }))
  return { t, inEnglish, caption, title, said, taken }
}
