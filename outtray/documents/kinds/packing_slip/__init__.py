"""Packing slips: what lies in a delivery to a customer, and what is still to follow."""
