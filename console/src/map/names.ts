/** Names of what the basemap shows. Pure. */
import type { BaseFeature } from '@/api/places'
import type { Language } from '@/words'

export function featureName(feature: BaseFeature, language: Language): string {
  const { name, name_en } = (feature.properties ?? {}) as { name?: string; name_en?: string }
  return (language === 'en' ? name_en || name : name) ?? ''
}
