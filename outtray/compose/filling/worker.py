"""The process in which texts are filled that people wrote. Started by `process.py`.

It knows no database, no settings and no secrets; once it is ready it can open no file, and
what it may use of memory and processor is limited by the system.
"""

from __future__ import annotations

import resource
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from outtray.compose.filling.compile_mjml import compiled
from outtray.compose.filling.fill import fill_parts
from outtray.compose.filling.liquid import environment
from outtray.lib.errors import Refused
from outtray.lib.helper_process import serve

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 4  # for one request


def main() -> None:
    """Answer until nobody asks any more."""
    _warm_up()
    _confine()
    serve(_answer)


def _answer(request: Mapping[str, Any]) -> dict[str, object]:
    _allow_processor()
    try:
        return {"done": _done(request)}
    except Refused as refused:
        told = {"code": refused.code, "detail": refused.detail, "field": refused.field}
        return {**told, "facts": refused.facts}
    except MemoryError:
        return {"code": "template_wrong", "detail": "The template needs too much memory."}


def _done(request: Mapping[str, Any]) -> object:
    if "mjml" in request:
        return compiled(request["mjml"])
    return asdict(fill_parts(request["texts"], request["values"], request["pictures"]))


def _warm_up() -> None:
    """Load what is loaded at first use, while files can still be opened."""
    for is_html in (False, True):
        environment(is_html=is_html)
    values: dict[str, object] = {"sender": {"name": ""}, "company": {"name": "", "phone": ""}}
    texts = {"subject": "{{ sender.name | upcase }}", "text": "", "html": compiled(_SAMPLE)}
    fill_parts(texts, values, [])


_SAMPLE = "<mj-text>{% for each in company.name %}{{ each }}{% endfor %}</mj-text><mj-image />"


def _confine() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))


def _allow_processor() -> None:
    """So much more than was used so far; beyond, the system ends the process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    wanted = int(used.ru_utime + used.ru_stime) + 1 + CPU_SECONDS
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (wanted, most))


if __name__ == "__main__":
    main()
