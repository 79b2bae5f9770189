"""`make bench`: how fast the filter is, beside the least that a filter costs and beside other programs of its kind."""
