export default {
  leave: {
    title: '还有求助没有办结',
    text: '现在还有 {n} 件求助没有办结。离开后本坐席不再响铃，也不计入在岗坐席；您手上的求助会退回队列。',
    stay_duty: '继续值守',
    go_duty: '仍要离岗',
    stay_sign_out: '不退出',
    go_sign_out: '仍要退出',
  },
}
