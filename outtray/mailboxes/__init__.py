"""The addresses we send from: User Email and Company Email.

Settings, sealed credentials, presets of providers, health. A Mailbox becomes a Route
(`routes.py`) for one sitting; nothing else ever sees a decrypted secret.

Start reading in `models.py`, then `save.py`.
"""
