export default {
  away: '片刻后恢复',
  away_text: '档案服务正在重启，这里会自动重试；求助照常接收和响铃。',
  away_unsaved: '还没有保存，片刻后恢复。填写的内容都在，请稍后再按保存。',
  english: '英文（可不填）',
  in_english: '{field}（英文）',
  question: { stay: '继续编辑', discard: '放弃修改' },
  unsaved: '有未保存的修改',
}
