"""Item receipts: what arrived from a vendor, against what was ordered. No prices."""
