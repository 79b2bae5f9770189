"""Broken, cut and crossed messages against the invariants of the whole product, minus the mail server."""
