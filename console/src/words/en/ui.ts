export default {
  away: 'Back in a moment',
  away_text: 'Records are being restarted. This place asks again by itself; alarms come in and ring as always.',
  away_unsaved: 'Not saved: back in a moment. What you have written stays here; save again then.',
  english: 'English (optional)',
  in_english: '{field} (English)',
  question: { stay: 'Go on editing', discard: 'Discard the changes' },
  unsaved: 'has unsaved changes',
}
