"""Outtray sends the documents of a business by email, and knows what became of every one.

The packages, from the ground up; imports point down only:

    lib, mail                       plain values
    transports, people, engine      how bytes leave; who acts; who wakes whom
    documents, mailboxes            what is sent; where from
    compose                         document -> letter -> message
    outbox                          the Email Queue and its states
    delivery, diagnosis             send it; explain what went wrong
    ops                             start, back up, demonstrate
    api, web, cli                   faces
    config                          settings and URLs

Start reading in `outbox/states.py`, then `outbox/accept.py` and `delivery/sitting.py`.
"""
