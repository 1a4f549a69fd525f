"""The signs of SMTP, each table named by what it tells. `table.py` puts them in order.

Words are those of many servers in several languages, never of one case.
"""
