"""`make soak`: the filter for a long time, under bad company, and under load while it is reloaded, killed and restarted."""
