from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from outtray.lib.errors import Refused
from outtray.people.keys import create_key, membership_of, revoke_key
from outtray.people.models import ApiKey, Membership
from outtray.people.persons import remove_person

MINUTE = timedelta(minutes=1)


def test_a_key_acts_for_its_member_and_is_kept_as_a_digest_only(
    ben: Membership, at: datetime
) -> None:
    key, secret = create_key(ben, "ERP", at=at)

    assert membership_of(secret.value, at=at) == ben
    assert secret.value.startswith("outtray_")
    assert secret.value.startswith(key.prefix)
    assert secret.value not in repr(ApiKey.objects.values().get())


@pytest.mark.parametrize("text", ["", "outtray_", "outtray_wrong", "Basic x"])
def test_an_unknown_key_acts_for_nobody(ben: Membership, at: datetime, text: str) -> None:
    create_key(ben, "ERP", at=at)

    assert membership_of(text, at=at) is None


def test_a_revoked_key_acts_for_nobody(ben: Membership, at: datetime) -> None:
    key, secret = create_key(ben, "ERP", at=at)

    revoke_key(ben, key, at=at)

    assert membership_of(secret.value, at=at) is None


def test_the_keys_of_somebody_who_left_end(anna: Membership, ben: Membership, at: datetime) -> None:
    _, secret = create_key(ben, "ERP", at=at)

    remove_person(anna, ben)

    assert membership_of(secret.value, at=at) is None


def test_the_use_of_a_key_is_noted_every_few_minutes(ben: Membership, at: datetime) -> None:
    key, secret = create_key(ben, "ERP", at=at)

    for minute in range(7):
        membership_of(secret.value, at=at + minute * MINUTE)

    key.refresh_from_db()
    assert key.last_used_at == at + 5 * MINUTE


def test_an_administrator_ends_any_key_and_others_only_their_own(
    anna: Membership, ben: Membership, clara: Membership, at: datetime
) -> None:
    annas, _ = create_key(anna, "ERP", at=at)
    bens, _ = create_key(ben, "ERP", at=at)

    for stranger, key in ((ben, annas), (clara, bens)):
        with pytest.raises(Refused) as refused:
            revoke_key(stranger, key, at=at)
        assert refused.value.code == "no_such_key"
    revoke_key(anna, bens, at=at)

    assert ApiKey.objects.get(pk=bens.pk).revoked_at == at
