export default {
  exercise: { title: '训练演习', text: '这是重放的往日告警，供训练使用：无人真正求助，短信不会发出。' },
  theme: { dark: '主题：深色', light: '主题：浅色', system: '主题：跟随系统' },
  areas: '功能区',
  pages: '{area}的页面',
  area: {
    seat: '值守',
    calls: '来电',
    dispatch: '派单',
    services: '服务',
    records: '档案',
    money: '资金',
    figures: '统计',
    manage: '管理',
  },
  group: { people: '人员与班组', calling: '区域与呼叫', devices: '设备与接入', practice: '测试与演练', watching: '检查与监督' },
}
