"""A Django project that does nothing but send mail by django-post-office.

    python -m benchmarks.delivery.post_office_project migrate|queue|send <folder> <port>

Everything in it is as durable as Outtray's: SQLite writes through, and so do attachments.
Emails are queued a hundred in a transaction, and sent by as many processes as there are
cores, in batches of its own size.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.core.files import File
from django.core.files.storage import FileSystemStorage

from benchmarks.feeder import feed
from benchmarks.letters import TEXT, pdfs
from tests.servers import processes

BATCH = 100
PROCESSES = 2
IDLE = 0.01  # seconds until a sender that found nothing looks again


class DurableStorage(FileSystemStorage):
    """Returns when the file is on disk."""

    def save(
        self, name: str | None, content: IO[Any] | File[Any], max_length: int | None = None
    ) -> str:
        saved = super().save(name, content, max_length)
        for path in (Path(self.path(saved)), Path(self.path(saved)).parent):
            handle = os.open(path, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)
        return saved


def main() -> None:
    task, folder, port = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    _set_up(folder, port)
    {"migrate": _migrate, "queue": _queue, "send": _send}[task](folder)


def _set_up(folder: Path, port: int) -> None:
    import django
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "post_office"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": folder / "post_office.sqlite3",
                "OPTIONS": {
                    "transaction_mode": "IMMEDIATE",
                    "timeout": 30,
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
                },
            }
        },
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        MEDIA_ROOT=folder / "media",
        STORAGES={"default": {"BACKEND": f"{DurableStorage.__module__}.DurableStorage"}},
        EMAIL_HOST="127.0.0.1",
        EMAIL_PORT=port,
        POST_OFFICE={"BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"}},
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
        USE_TZ=True,
    )
    django.setup()


def _migrate(folder: Path) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def _queue(folder: Path) -> None:
    files = pdfs()
    feed(lambda count: _queue_so_many(count, files))


def _queue_so_many(count: int, files: Iterator[bytes]) -> None:
    from django.core.files.base import ContentFile
    from django.db import transaction
    from post_office import mail

    for start in range(0, count, BATCH):
        with transaction.atomic():
            for _ in range(min(BATCH, count - start)):
                pdf = {"file": ContentFile(next(files)), "mimetype": "application/pdf"}
                mail.send(  # type: ignore[no-untyped-call] # post_office's
                    "einkauf@kunde.example",
                    "sales@nordwind.example",
                    subject="Invoice RE-1 from Nordwind",
                    message=TEXT,
                    attachments={"RE-1.pdf": pdf},
                )


def _send(folder: Path) -> None:
    from post_office.mail import send_queued_mail_until_done

    while True:
        send_queued_mail_until_done(str(folder / "lock"), PROCESSES)
        processes.pause(IDLE)


if __name__ == "__main__":
    main()
