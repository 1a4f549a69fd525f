"""Writes docs/reference from the code, so that what can be looked up is what is so.

Each module here has `page() -> str`; `__main__.py` lists them.
"""
