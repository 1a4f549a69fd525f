"""The crash campaign: many seeded schedules of faults, and after each the books are compared.

A schedule is some emails, some worker processes, and faults drawn from its seed: killed,
stopped and continued, a clock that jumps, a disk that is full, a database that restarts, a
server that misbehaves. After it everything comes to rest, and then the ledger of the mail
server must agree with the tables, recipient by recipient.

    make campaign ARGS="--schedules 2000 --seed 1"
    make campaign ARGS="--schedules 200 --transport all"

It is played by SMTP, or by another way out: a new one is a line in
`tests/servers/ledger_kinds.py` (its server, and what that may do wrong) and its mailboxes in
`ways.py`.

Start reading in `schedule.py`, then `play.py` and `audit.py`.
"""
