export default {
  desk: {
    move: '在任务列表中移动',
    enter: '进入任务',
    give: '到可派的人员，回车指派',
    unplaced: '只看无人接的',
    search: '搜索',
    day: '在当天时间条上移动一刻钟',
    back: '返回列表',
  },
  roster: { move: '在一周中移动', open: '打开当天', shift: '排班', swap: '换班', absence: '缺勤' },
  rounds: { move: '在巡访列表中移动', open: '打开巡访', part: '换栏' },
  hotline: { move: '在列表中移动', open: '打开来电或事项；随后按键选择事由', part: '切换列表', note: '写备注', back: '返回列表' },
  calls: { ring: '拨打号码（本席有电话时）', result: '通话结果', note: '到备注' },
}
