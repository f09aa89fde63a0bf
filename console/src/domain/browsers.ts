/** What a browser calls itself, in as few words as people know it by. */
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\/(\d+)/, 'Edge'],
  [/\bMicroMessenger\/(\d+)/, 'WeChat'],
  [/\b(?:Firefox|FxiOS)\/(\d+)/, 'Firefox'],
  [/(?:Chrome|CriOS)\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+).* Safari\//, 'Safari'],
]
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\bHarmonyOS\b/, 'HarmonyOS'],
  [/\bAndroid\b/, 'Android'],
  [/\b(?:iPhone|iPad)\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]

/** `Chrome 126 · Windows`; a program that is no browser by its own first word; empty where nothing was said. */
export function browserOf(agent: string): string {
  const [pattern, name] = BROWSERS.find(([known]) => known.test(agent)) ?? []
  if (!pattern) return agent.split(/[\s/]/, 1)[0] ?? ''
  const system = SYSTEMS.find(([known]) => known.test(agent))?.[1]
  return [`${name} ${pattern.exec(agent)![1]}`, system].filter(Boolean).join(' · ')
}
