"""Whether a file of somebody's may go with a letter: by its name, its content, and what lies in it.

Start reading in `check.py`.
"""
