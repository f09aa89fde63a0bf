export default {
  nav: 'Seat',
}
