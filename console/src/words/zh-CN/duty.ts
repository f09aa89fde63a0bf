export default {
  state: { off: '未上岗', ready: '空闲', busy: '处置中', wrap_up: '整理中', pause: '小休' },
  pause: {
    take: '小休',
    resume: '恢复接警',
    is: '小休：{reason}',
    meal: '用餐',
    break: '休息',
    training: '培训',
    other: '其他',
  },
  shift: {
    from: '{name} {time} 的交接留言（待读 {n} 条）',
    read: '已读并知悉',
    ask: '您已离岗。下一班需要知道什么？',
    hand_over: '交班',
    nothing: '无交接事项',
    failed: '没有保存成功，请重试。',
  },
  age: { late: '等待较久', overdue: '超时' },
  leave: {
    title: '还有求助没有办结',
    text: '现在还有 {n} 件求助没有办结。离开后本坐席不再响铃，也不计入在岗坐席；您手上的求助会退回队列。',
    stay_duty: '继续值守',
    go_duty: '仍要离岗',
    stay_sign_out: '不退出',
    go_sign_out: '仍要退出',
  },
}
