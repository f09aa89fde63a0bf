"""Rounds from door to door, neighbours who look after each other, and rides: what is done every day, and what a shut door sets off."""
