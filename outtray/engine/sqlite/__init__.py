"""Django's connection to SQLite, with transactions that begin and end without detours.

Django finds it by the name `outtray.engine.sqlite`; everything else is Django's own.
"""
