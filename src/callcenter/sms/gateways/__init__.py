"""One package for each way out: its settings, how it sends, what it calls back, its health. None knows another."""
