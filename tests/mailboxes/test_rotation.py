"""Keys are exchanged under the stored passwords, which stay what they are."""

from __future__ import annotations

from datetime import datetime, timedelta

from outtray.mailboxes.keyring import ring
from outtray.mailboxes.models import Credential, Mailbox
from outtray.mailboxes.rotation import rotate
from outtray.mailboxes.routes import secret_of
from outtray.people.models import Membership
from tests import builders


def test_after_a_rotation_every_password_is_sealed_anew_and_still_opens(
    ben: Membership, clara: Membership, at: datetime
) -> None:
    mailboxes = [builders.user_email(who, at=at, password="horse") for who in (ben, clara)]
    before = ring().current

    done = rotate(at=at + timedelta(days=1))

    assert done == (2, 0)
    assert ring().current != before
    assert before in ring().keys
    assert set(Credential.objects.values_list("key_id", flat=True)) == {ring().current}
    for mailbox in mailboxes:
        assert secret_of(Mailbox.objects.get(pk=mailbox.pk)).value == "horse"


def test_a_password_that_cannot_be_opened_is_left_and_told(ben: Membership, at: datetime) -> None:
    mailbox = builders.user_email(ben, at=at)
    Credential.objects.filter(mailbox=mailbox).update(key_id="lost", sealed=b"OT1\x04lostabc")

    done = rotate(at=at)

    assert done == (0, 1)
    assert bytes(Credential.objects.get().sealed) == b"OT1\x04lostabc"
