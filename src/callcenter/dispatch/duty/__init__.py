"""Who is on duty, from when until when: by their own word, by the dispatcher, by the roster."""
