"""Furnish a data folder with mailboxes of both halves, each with as many due emails.

python -m tests.ops.furnish_halves EMAILS PORT
"""

from __future__ import annotations

import sys
from itertools import count

from outtray.config import env


def main(emails: int, port: int) -> None:
    env.set_default("DJANGO_SETTINGS_MODULE", "outtray.config.settings")
    import django

    django.setup()
    from outtray.lib.clock import now
    from outtray.mailboxes.models import Mailbox
    from outtray.ops.bootstrap import prepare
    from outtray.ops.deputy import is_deputys
    from outtray.outbox.accept import Terms, accept_all, prepare_all
    from outtray.outbox.states import Lane
    from outtray.people.models import Company
    from outtray.people.who import join
    from tests.builders import letter, user_email

    prepare()
    at = now()
    company = Company.objects.create(name="Nordwind", created_at=at)
    halves: dict[bool, Mailbox] = {}
    for number in count():
        name = f"anna{number}"
        member = join(
            company, name=name, email=f"{name}@nordwind.example", role="administrator", at=at
        )
        mailbox = user_email(member, at=at, port=port)
        halves.setdefault(is_deputys(mailbox.pk), mailbox)
        if len(halves) == 2:
            break
    for mailbox in halves.values():
        letters = prepare_all([(letter(mailbox), mailbox)] * emails, at=at)
        accept_all(letters, Terms(at=at, lane=Lane.BULK))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
