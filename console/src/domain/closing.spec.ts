import { describe, expect, it } from 'vitest'

import { eachOnce } from './closing'

describe('the texts of a close', () => {
  it('are shown each once, with everybody who gets it', () => {
    const draft = (recipient: string, language: string, text: string) => ({ recipient, contact_id: null, contact_name: null, contact_name_latin: null, relation: null, relation_en: null, language, kind: 'closed_other', text })
    const drafts = [draft('139****1', 'zh-CN', '已处理'), draft('139****2', 'en', 'Closed'), draft('139****3', 'zh-CN', '已处理')]
    expect(eachOnce(drafts)).toEqual([
      { text: '已处理', language: 'zh-CN', recipients: ['139****1', '139****3'] },
      { text: 'Closed', language: 'en', recipients: ['139****2'] },
    ])
  })
})
