"""The addresses of the demo's inbox."""

from __future__ import annotations

from django.urls import path
from django.urls.resolvers import URLPattern

from outtray.web import demo_inbox

urlpatterns: list[URLPattern] = [
    path("", demo_inbox.index, name="demo_inbox"),
    path("<int:number>/", demo_inbox.show, name="demo_mail"),
    path("<int:number>/letter/", demo_inbox.letter, name="demo_letter"),
    path("<int:number>/files/<int:position>/", demo_inbox.attachment, name="demo_attachment"),
]
