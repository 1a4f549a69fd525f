"""SMTP submission (RFC 6409) with a user name and a password over TLS."""
