"""Records with a past: who lived where and when, which facts held, who is who around the residents, and the calendar of workdays."""
