export default {
  says: {
    title: 'How this region works',
    lead: 'What is left empty is as the region above has it.',
    as: 'As {from}: {value}',
    instead: 'Without: {value} ({from})',
    nothing: 'nothing',
    part: { telling: 'Telling the family', following: 'Following until safe', numbers: 'Numbers to dial', texts: 'Texts' },
    field: {
      sms_policy: 'When the family is told of an alarm',
      contact_policy: 'Whom of a resident’s contacts',
      next_contact_s: 'Without an answer, the next contact after (seconds; 0: never by itself)',
      follow_min: 'Call again whoever is followed after (minutes, unless the operator says when)',
      ambulance_number: 'Ambulance',
      fire_number: 'Fire brigade',
      police_number: 'Police',
      hotline: 'Hotline of the centre, as families read it',
      sms_signature: 'Signature of texts, Chinese',
      sms_signature_en: 'Signature of texts, English',
    },
    option: {
      sms_policy: { at_once: 'at once', after_confirmation: 'after an operator has confirmed' },
      contact_policy: { one_by_one: 'one after the other', all_at_once: 'all at once' },
    },
  },
  log: {
    title: 'Who has changed this',
    none: 'Nobody has changed anything here yet.',
    nothing: 'as above',
    line: '{what}: {before} → {after}',
  },
}
