export default {
  says: {
    title: '本区域的做法',
    lead: '留空即与上级区域相同。',
    as: '与“{from}”相同：{value}',
    instead: '不单独设定时：{value}（{from}）',
    nothing: '无',
    part: { telling: '通知家属', following: '跟踪到平安', numbers: '拨打的号码', texts: '短信' },
    field: {
      sms_policy: '什么时候通知家属',
      contact_policy: '通知老人的哪些联系人',
      next_contact_s: '没有回复时，多久后通知下一位联系人（秒；0 为不自动通知）',
      follow_min: '跟踪时多久后再联系（分钟，接线员可另定）',
      ambulance_number: '急救电话',
      fire_number: '火警电话',
      police_number: '报警电话',
      hotline: '中心热线，写在给家属的短信里',
      sms_signature: '短信签名（中文）',
      sms_signature_en: '短信签名（英文）',
    },
    option: {
      sms_policy: { at_once: '立即', after_confirmation: '接线员确认之后' },
      contact_policy: { one_by_one: '逐个通知', all_at_once: '同时通知全部' },
    },
  },
  log: {
    title: '修改记录',
    none: '这里还没有人修改过。',
    nothing: '与上级相同',
    line: '{what}：{before} → {after}',
  },
}
