"""What documents are made of: texts, amounts, addresses, parties, lines, totals.

Every part is strict and bounded: unknown fields, wrong types and overlong texts are
problems, and amounts are exact decimals. `paper.py` holds what all kinds have in common,
`priced.py` what those with prices share; each kind adds its own in its folder.
"""
