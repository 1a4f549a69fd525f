"""Sales orders: what a customer has ordered from us, as we wrote it down."""
