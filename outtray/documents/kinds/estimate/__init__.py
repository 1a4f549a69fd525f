"""Estimates: what we offer a customer, and until when."""
