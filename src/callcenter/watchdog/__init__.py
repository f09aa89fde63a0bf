"""`callcenter watchdog`: on another machine, without a database, it presses each minute and says when nobody would hear."""
