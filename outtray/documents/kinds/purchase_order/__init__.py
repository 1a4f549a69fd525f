"""Purchase orders: what we order from a vendor, and where it shall go."""
