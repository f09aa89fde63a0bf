export default {
  nav: '单位与人员',
  what: { organisations: '单位', facilities: '养老设施', staff: '服务人员' },
  add: { organisations: '登记单位', facilities: '登记设施', staff: '登记人员' },
  none: { organisations: '没有这样的单位。', facilities: '没有这样的设施。', staff: '没有这样的人员。' },
  any: '全部',
  with_ended: '包括已停止的',
  ended: '已停止',
  cert_lapsed: '健康证已过期',
  save: '保存',
  close: '关闭',
  unsaved: '有未保存的修改，确定离开吗？',
  field: {
    name: '名称（姓名）', name_en: '英文名称', kind: '类别', kinds: '身份', uscc: '统一社会信用代码', areas: '还负责的区域', region_id: '所属地区', parent_id: '上级单位', operator_id: '运营单位', employer_id: '所属单位',
    until_day: '停止日期', hours: '开放时间', beds: '床位数', area_m2: '面积（平方米）', level: '等级', lat: '纬度（WGS-84）', lng: '经度（WGS-84）', functions: '同时承担',
    phone: '电话', skills: '技能（每行一项）', languages: '语言和方言（每行一项）', vehicle: '车辆', health_cert_until: '健康证有效期至', active_from: '开始服务', active_until: '停止服务',
  },
  option: {
    kind: {
      community: '社区', street_office: '街道办事处', department: '部门', provider: '服务商', association: '社会组织', enterprise: '企业', shop: '商店', centre_operator: '中心运营方',
      centre: '养老服务中心', day_station: '日间照料站', canteen: '老年食堂', mutual_aid_point: '互助点', station: '养老驿站', institution: '养老机构', service_point: '服务点',
    },
    functions: { centre: '养老服务中心', day_station: '日间照料站', canteen: '老年食堂', mutual_aid_point: '互助点', station: '养老驿站', institution: '养老机构', service_point: '服务点' },
    kinds: {
      grid_worker: '网格员', social_worker: '社工', caregiver: '护理员', volunteer: '志愿者', driver: '司机', doctor: '医生', nurse: '护士', technician: '维修人员', cook: '厨师', neighbour: '邻居', key_holder: '钥匙保管人',
    },
  },
  hint: { uscc: '18位，最后一位是校验码', ends: '从这一天起不再服务；不删除任何记录', languages: '如：普通话、陕北话' },
  place: { title: '地图上的位置', help: '在地图上点一下，或移动地图后按空格取中间的十字位置。', no_map: '这个地区还没有地图：请填写经纬度。' },
  area: { add: '添加区域…', drop: '去掉{name}' },
  log: { title: '谁改过什么', none: '还没有人改过。', line: '{what}：{before} → {after}', nothing: '（无）' },
  error: {
    uscc_form: '统一社会信用代码是18位数字和大写字母，没有 I、O、S、V、Z。',
    uscc_check: '校验码不符：有一位输错，或有两位颠倒。',
    uscc_taken: '另一个单位已登记了这个代码。',
    own_parent: '上级单位不能是它自己或它的下级。',
    changed_meanwhile: '刚被别人改过：请关闭后重新打开，再改一次。',
  },
}
