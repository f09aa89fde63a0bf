export default {
  test: {
    test: 'TEST',
    drill: 'DRILL',
    make_real: 'Not a test: make it real',
    made_real: 'No test any more: real',
  },
}
