"""Links in the texts of explanations."""

from __future__ import annotations

from outtray.web.templatetags.outtray import links


def test_web_addresses_become_links_and_mail_addresses_stay_values() -> None:
    text = "Open https://myaccount.example/apppasswords, as <b>ben@nordwind.example</b>."

    shown = links(text)

    assert '<a href="https://myaccount.example/apppasswords" ' in shown
    assert "</a>, as &lt;b&gt;ben@nordwind.example&lt;/b&gt;." in shown
