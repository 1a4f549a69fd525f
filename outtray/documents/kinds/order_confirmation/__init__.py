"""Order confirmations: our promise to a customer, with the day of delivery."""
