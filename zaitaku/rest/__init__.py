"""What every resource of the read API shares: parameters, pages, keys, limits, one shape of error, its description."""
