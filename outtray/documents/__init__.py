"""Business documents: what they must contain, how they come in, how they look.

A kind is one folder under `kinds/` and one line in `kinds/registry.py`. Documents are
validated when imported (`importing.py`) and become a PDF by Typst (`pdf/`).

Not here: emails. Whether a document was sent is the outbox's to say.
"""
