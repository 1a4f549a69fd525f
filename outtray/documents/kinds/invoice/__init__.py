"""Invoices: what a customer owes, until when, and how to pay it."""
