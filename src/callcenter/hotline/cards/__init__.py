"""What operators are told beside a call: what to say first, and how to talk."""
