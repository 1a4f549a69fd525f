"""Django's connection to PostgreSQL, with the wake-ups of a transaction written as its last act.

Django finds it by the name `outtray.engine.postgresql`; everything else is Django's own.
"""
