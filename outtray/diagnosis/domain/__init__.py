"""Whether receivers can believe the sender's domain: SPF, DKIM and DMARC.

Advice beside Validate, and nothing more: it decides nothing, asks name servers only, ends in a
few seconds, and says so where something is not known. What is to be added comes with the value
to copy, as far as it is the same for everybody.

Start reading in `advise.py`.
"""
