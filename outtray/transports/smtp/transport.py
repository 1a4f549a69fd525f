"""SMTP as a Transport: its fields, stages and sessions."""

from __future__ import annotations


class SmtpTransport:
    """Submission over SMTP."""

    name = "smtp"
