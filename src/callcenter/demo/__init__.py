"""What `callcenter demo` shows: an invented community, its virtual devices and phones, and what they ask the server."""
