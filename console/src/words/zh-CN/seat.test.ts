export default {
  test: {
    test: '测试',
    drill: '演练',
    make_real: '转为真实求助',
    made_real: '不再是测试，转为真实求助',
  },
}
