export default {
  policies: {
    title: '怎样呼叫',
    lead: '按区域和名单类型设定。对以后到期的呼叫有效；已到期的从下一次登记结果起有效。',
    people: { pauses: '第二次、第三次……之前各等多少分钟', horizon: '超过多久算错过（分钟）' },
    devices: { pauses: '第二次、第三次……之前各等多少小时', horizon: '超过多久算错过（天）' },
    after: { silent_device: '连续缺少多少次心跳算没有消息', idle_device: '多少天没有使用' },
    field: { pauses_min: '间隔（分钟）', horizon_min: '超过多久算错过（分钟）', after: '界限' },
    error: {
      bounds: '必须在 {least} 到 {most} 之间。',
      pauses: '填写 {least} 到 {most} 个间隔，用逗号分开。',
      not_of_this_kind: '这种名单没有这一项。',
    },
  },
}
