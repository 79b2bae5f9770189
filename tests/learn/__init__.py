"""Learns what the words of replies mean (`bounce_milter.votes`) from examples."""
