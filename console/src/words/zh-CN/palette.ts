export default {
  title: '快速查找',
  words: '姓名、拼音、电话、地址、事件编号、设备号或页面',
  asking: '正在查找……',
  none: '没有找到',
  hint: '↑ ↓ 选择，回车打开',
  in_stock: '未分配',
  group: { pages: '页面', incidents: '求助事件', residents: '老人', devices: '设备' },
}
