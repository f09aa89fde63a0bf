export default {
  leave: {
    title: '还有求助没有办结',
    text: '现在还有 {n} 件求助没有办结。离岗后本坐席不再响铃，也不计入在岗坐席。',
    stay: '继续值守',
    go: '仍要离岗',
  },
}
