"""Rides for people who cannot go by themselves: booked, offered, driven, paid and rated."""
