"""Real servers for the tests, and one of ours that does what it is told.

Each is started by the test run, listens on loopback only, and is stopped by the process id
that started it. Start reading in `fixtures.py`.
"""
