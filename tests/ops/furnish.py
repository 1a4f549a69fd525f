"""Furnish a data folder: Anna of Nordwind, and for each given port a mailbox with due emails.

python -m tests.ops.furnish EMAILS PORT...
"""

from __future__ import annotations

import sys
from datetime import datetime
from typing import TYPE_CHECKING

from outtray.config import env

if TYPE_CHECKING:
    from outtray.people.models import Company


def main(emails: int, ports: list[int]) -> None:
    env.set_default("DJANGO_SETTINGS_MODULE", "outtray.config.settings")
    import django

    django.setup()
    from outtray.lib.clock import now
    from outtray.ops.bootstrap import prepare
    from outtray.people.models import Company

    prepare()
    at = now()
    company = Company.objects.create(name="Nordwind", created_at=at)
    for port in ports:
        _mailbox(company, port, emails, at=at)


def _mailbox(company: Company, port: int, emails: int, *, at: datetime) -> None:
    from outtray.people.who import join
    from tests.builders import queued, user_email

    name = f"anna.{port}"
    member = join(company, name=name, email=f"{name}@nordwind.example", role="administrator", at=at)
    mailbox = user_email(member, at=at, port=port)
    for _ in range(emails):
        queued(mailbox, at=at)


if __name__ == "__main__":
    main(int(sys.argv[1]), [int(port) for port in sys.argv[2:]])
