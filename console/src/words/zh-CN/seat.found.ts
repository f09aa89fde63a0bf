export default {
  found: {
    results: '找到的老人',
    searching: '正在查找…',
  },
}
