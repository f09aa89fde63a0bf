export default {
  found: {
    results: 'Residents found',
    searching: 'Searching…',
  },
}
