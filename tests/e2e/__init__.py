"""Tests with real mail servers on loopback."""
