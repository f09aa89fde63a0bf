export default {
  nav: '值守',
}
