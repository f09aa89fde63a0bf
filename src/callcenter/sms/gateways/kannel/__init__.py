"""Kannel's smsbox over HTTP, as measured on 1.4.5. Operating notes: docs/operating/sms.md."""
