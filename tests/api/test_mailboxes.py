from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from outtray.diagnosis.models import Probe
from outtray.diagnosis.probes import run_probe
from outtray.lib import clock
from outtray.mailboxes.history import Code, record
from outtray.mailboxes.models import Mailbox, Quota
from outtray.mailboxes.pace import Pace, spend
from outtray.mailboxes.routes import route_for
from outtray.people.models import Membership
from tests.api.conftest import Program
from tests.servers.scripted import ScriptedServer

PASSWORD = "correct horse"


def wishes(**changes: Any) -> dict[str, Any]:
    settings = {
        "host": "smtp.nordwind.example",
        "port": 587,
        "security": "starttls",
        "username": "ben@nordwind.example",
    }
    return {
        "whose": "user",
        "address": "ben@nordwind.example",
        "settings": settings,
        "password": PASSWORD,
        **changes,
    }


def test_a_user_email_is_set_up_and_its_password_never_comes_out(bens: Program) -> None:
    made = bens.post("/mailboxes", wishes())

    read = bens.get(f"/mailboxes/{made.json['id']}")
    listed = bens.get("/mailboxes")

    assert made.status == 201
    assert made.json["health"] == "unvalidated"
    assert made.json["has_password"]
    assert route_for(Mailbox.objects.get()).secret.value == PASSWORD
    for answer in (made, read, listed):
        assert PASSWORD.encode() not in answer.content


def test_a_mailbox_is_changed_without_its_password_but_not_moved(bens: Program) -> None:
    path = f"/mailboxes/{bens.post('/mailboxes', wishes()).json['id']}"
    renamed = {**wishes(display_name="Ben"), "password": None}
    moved = {**renamed, "settings": {**renamed["settings"], "host": "smtp.thief.example"}}

    changed = bens.ask("PUT", path, renamed)
    refused = bens.ask("PUT", path, moved)

    assert changed.json["display_name"] == "Ben"
    assert (refused.status, refused.code) == (422, "password_needed_again")
    assert refused.json["errors"][0]["field"] == "password"


def test_only_an_administrator_sets_up_and_deletes_company_emails(
    annas: Program, bens: Program
) -> None:
    company = wishes(whose="company", name="Billing")

    refused = bens.post("/mailboxes", company)
    made = annas.post("/mailboxes", company).json

    assert (refused.status, refused.code) == (403, "not_allowed")
    assert made["is_default"]
    assert bens.ask("DELETE", f"/mailboxes/{made['id']}").status == 404
    assert annas.ask("DELETE", f"/mailboxes/{made['id']}").status == 204
    assert not Mailbox.objects.exists()


def test_an_administrator_sees_a_user_email_but_does_not_change_it(
    annas: Program, bens: Program
) -> None:
    path = f"/mailboxes/{bens.post('/mailboxes', wishes()).json['id']}"

    assert annas.get(path).json["owner_email"] == "ben@nordwind.example"
    assert annas.ask("PUT", path, wishes()).code == "not_allowed"
    assert annas.ask("DELETE", path).code == "no_such_mailbox"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"address": "ben"}, "address"),
        ({"address": "ben@nordwind.example\nBcc: x@y.example"}, "address"),
        ({"settings": {}}, "host"),
        ({"service_type": "pigeon"}, "service_type"),
        ({"whose": "nobody"}, "whose"),
    ],
)
def test_what_cannot_be_a_mailbox_is_refused(
    bens: Program, changes: dict[str, Any], field: str
) -> None:
    answer = bens.post("/mailboxes", wishes(**changes))

    assert answer.status == 422
    assert answer.code
    assert answer.json["errors"][0]["field"] == field


def test_a_probe_is_asked_for_and_watched(bens: Program, smtp_server: ScriptedServer) -> None:
    made = bens.post("/mailboxes", wishes(settings=smtp_server.settings())).json

    asked = bens.post(f"/mailboxes/{made['id']}/probes")
    waiting = bens.get(f"/probes/{asked.json['id']}").json
    run_probe(Probe.objects.get().pk)
    ended = bens.get(f"/probes/{asked.json['id']}").json

    assert asked.status == 202
    assert waiting["state"] == "waiting"
    assert ended["state"] == "passed"
    assert [finding["stage"] for finding in ended["findings"]][-1] == "answer"
    assert bens.get(f"/mailboxes/{made['id']}").json["health"] == "ready"


def test_a_failed_probe_is_explained(bens: Program, smtp_server: ScriptedServer) -> None:
    smtp_server.answers("AUTH", "535 5.7.8 Authentication failed")
    made = bens.post("/mailboxes", wishes(settings=smtp_server.settings())).json

    asked = bens.post(f"/mailboxes/{made['id']}/probes").json
    run_probe(Probe.objects.get().pk)
    ended = bens.get(f"/probes/{asked['id']}")

    assert ended.json["explanation"]["cause"] == "wrong_password"
    assert PASSWORD.encode() not in ended.content


def test_clara_sees_no_mailbox_and_no_probe_of_nordwind(
    bens: Program, claras: Program, ben: Membership
) -> None:
    made = bens.post("/mailboxes", wishes()).json
    probe = bens.post(f"/mailboxes/{made['id']}/probes").json

    assert claras.get("/mailboxes").json["items"] == []
    for method, path, body in (
        ("GET", f"/mailboxes/{made['id']}", None),
        ("PUT", f"/mailboxes/{made['id']}", wishes()),
        ("DELETE", f"/mailboxes/{made['id']}", None),
        ("POST", f"/mailboxes/{made['id']}/probes", None),
        ("GET", f"/probes/{probe['id']}", None),
    ):
        answer = claras.ask(method, path, body)
        unknown = claras.ask(method, path.rpartition("/")[0] + f"/{uuid4()}", body)
        assert (answer.status, answer.code) == (404, "not_found"), (method, path)
        assert unknown.status in {404, 405}


def test_a_pace_is_read_and_set_beside_what_the_provider_allows(
    bens: Program, mailbox: Mailbox
) -> None:
    Mailbox.objects.update(provider="microsoft365", messages_per_minute=30)
    path = f"/mailboxes/{mailbox.pk}"

    before = bens.get(f"{path}/pace").json
    after = bens.ask("PUT", f"{path}/pace", {"messages_per_minute": 12}).json

    assert before["messages_per_minute"] == before["default"]["messages_per_minute"] == 30
    assert (after["messages_per_minute"], after["connections"]) == (12, 3)
    assert bens.get(path).json["health"] == "ready"
    assert bens.get(f"{path}/history").json["items"][0]["code"] == "pace_changed"


def test_a_pace_out_of_range_is_refused_at_its_field(bens: Program, mailbox: Mailbox) -> None:
    refused = bens.ask("PUT", f"/mailboxes/{mailbox.pk}/pace", {"connections": 0})

    assert refused.status == 422
    assert refused.json["errors"][0]["field"] == "connections"


def test_an_administrator_sees_pace_and_history_of_a_user_email_and_changes_neither(
    annas: Program, claras: Program, mailbox: Mailbox
) -> None:
    path = f"/mailboxes/{mailbox.pk}"

    assert annas.get(f"{path}/pace").status == annas.get(f"{path}/history").status == 200
    assert annas.ask("PUT", f"{path}/pace", {"connections": 2}).code == "not_allowed"
    assert claras.get(f"{path}/pace").status == claras.get(f"{path}/history").status == 404


def test_copies_in_the_sent_folder_are_decided_by_who_may_change_the_mailbox(
    bens: Program, annas: Program, mailbox: Mailbox
) -> None:
    Mailbox.objects.update(settings={**mailbox.settings, "imap_host": "imap.nordwind.example"})
    path = f"/mailboxes/{mailbox.pk}/sent-copies"

    before = bens.get(path).json
    after = bens.ask("PUT", path, {"keep": True}).json

    assert before == {"keep": None, "are_kept": False}
    assert after == {"keep": True, "are_kept": True}
    assert annas.ask("PUT", path, {"keep": False}).code == "not_allowed"
    assert bens.ask("PUT", path, {"keep": None}).json == before


def test_a_mailbox_tells_what_is_used_of_its_pace(
    bens: Program, mailbox: Mailbox, at: datetime
) -> None:
    quota = Quota.objects.create(mailbox=mailbox)
    spend(
        quota,
        Pace(messages_per_day=3),
        messages=3,
        recipients=4,
        due_since=clock.now(),
        at=clock.now(),
    )
    quota.save()

    told = bens.get(f"/mailboxes/{mailbox.pk}").json["quota"]

    assert (told["messages_last_day"], told["recipients_last_day"]) == (3, 4)
    assert told["rest_until"]
    assert told["slowed_to"] is None


def test_a_rest_is_ended_but_a_refused_password_is_not_tried_again(
    bens: Program, mailbox: Mailbox
) -> None:
    later = clock.now() + timedelta(hours=1)
    path = f"/mailboxes/{mailbox.pk}/pause"

    not_paused = bens.ask("DELETE", path)
    Mailbox.objects.update(health="paused", paused_until=None, pause_cause="wrong_password")
    refused = bens.ask("DELETE", path)
    Mailbox.objects.update(paused_until=later, pause_cause="rate_limited")
    resumed = bens.ask("DELETE", path)

    assert (not_paused.status, not_paused.code) == (409, "not_paused")
    assert (refused.status, refused.code) == (409, "not_resumable")
    assert resumed.json["paused_until"] < later.isoformat()


def test_a_history_is_read_in_pages(bens: Program, mailbox: Mailbox, at: datetime) -> None:
    for _ in range(3):
        record(mailbox.pk, Code.CHANGED, at=at)
    path = f"/mailboxes/{mailbox.pk}/history"

    first = bens.get(f"{path}?limit=2").json
    second = bens.get(f"{path}?limit=2&after={first['next']}").json

    assert [len(first["items"]), len(second["items"])] == [2, 1]
    assert second["next"] is None
