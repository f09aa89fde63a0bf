"""榆荫里 (Yuyinli): an invented community of 60 residents for the demo mode and for tests."""
