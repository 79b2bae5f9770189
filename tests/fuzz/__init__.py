"""Broken, cut and crossed messages against the invariants of what is explained and of the fields."""
