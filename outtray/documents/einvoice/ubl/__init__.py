"""The documents of UBL 2.1, one module each; `registry.py` lists them.

Each has the order of elements that its OASIS schema wants. What several have in common is in
`parts.py`.
"""
