"""The settings: every variable that is read, with a sentence for each."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from tools.docs.source import ROOT, calls

READERS = {
    "text": "text",
    "secret": "text, or a file named by the same variable with `_FILE` at its end",
    "flag": "1 or 0",
    "number": "number",
    "choice": "one of these words",
    "path": "path",
    "words": "words, separated by commas",
    "places": "addresses with or without a port, separated by commas",
    "pairs": "`name=value`, separated by commas",
}

MEANING: Mapping[str, str] = {
    "OUTTRAY_DATA": "The folder of everything that is kept: database, stored files, keys.",
    "OUTTRAY_DATABASE_URL": "A PostgreSQL (14 or later) in place of the file in the data folder: "
    "`postgresql://user:password@host:5432/database?sslmode=verify-full`. Needs "
    "`outtray[postgres]`. See how-to/grow.md.",
    "OUTTRAY_KEY_RING_FILE": "The keys that open the mailboxes' passwords. Put it on another "
    "disk than the data, and neither alone tells a password.",
    "OUTTRAY_HOST": "The address to serve on. `0.0.0.0` serves the whole network.",
    "OUTTRAY_PORT": "The port to serve on.",
    "OUTTRAY_BASE_URL": "The address under which people open the pages, if a proxy stands in "
    "front. With `https://` the cookies are sent over TLS only.",
    "OUTTRAY_ALLOWED_HOSTS": "Names under which the pages may be asked for, besides that of "
    "the base URL.",
    "OUTTRAY_SECRET_KEY": "What sessions and links are signed with. Made at the first start "
    "and kept in the data folder if it is not given.",
    "OUTTRAY_ALLOW_LOCAL": "Admits mail servers on this machine itself, at any port. For the "
    "demo and for tests.",
    "OUTTRAY_ALLOW_NETWORKS": "Private networks whose mail servers are admitted, such as "
    "`10.1.0.0/16`. All other private addresses are refused.",
    "OUTTRAY_CA_FILE": "A file of certificate authorities to trust besides the known ones, for "
    "mail servers with a certificate of the house.",
    "OUTTRAY_STAND_INS": "Servers of this machine that play the part of Google or Microsoft: "
    "`google`, `microsoft` (sign-in), `gmail`, `graph` (sending), each with its address. For the "
    "demo and for tests; needs `OUTTRAY_ALLOW_LOCAL`.",
    "OUTTRAY_DETECTION": "Whether the network is asked for the server of a mailbox, and for SPF, "
    "DKIM and DMARC of its domain: name servers, the mail domain's own servers, Thunderbird's "
    "database and Microsoft. With `0` only the built-in providers are known. See "
    "why/detection.md.",
    "OUTTRAY_NAME_SERVERS": "The name servers to ask for that, such as `10.1.0.1` or "
    "`127.0.0.1:5353`, in place of the system's.",
    "OUTTRAY_MAX_IMPORT_MB": "How large an imported file may be, in megabytes.",
    "OUTTRAY_IMPORT_FOLDER": "The folder below which each company may have a folder watched for "
    "documents to import. Without it there are none. See how-to/import-documents.md.",
    "OUTTRAY_WORKER_THREADS": "How many mailboxes are sent from at the same time; "
    "more while servers are slow (on SQLite 16 times as many, on PostgreSQL 6 times).",
    "OUTTRAY_RENDER_PROCESSES": "How many processes make the letters of a large run; with 0 they "
    "are made in the serving process. Each takes up to 130 MB.",
    "OUTTRAY_METRICS_TOKEN": "What Prometheus sends to ask for the metrics "
    "(`Authorization: Bearer ...`). Without one they are told on this machine alone.",
    "OUTTRAY_LOG_LEVEL": "What is written to standard error: `debug`, `info`, `warning` or "
    "`error`. Commands that end by themselves write from `warning` on.",
    "OUTTRAY_LOG_FORMAT": "How it is written: `text` for people, or `json`, one object a line.",
    "OUTTRAY_DEMO_MAILS": "Where the demo keeps what its mail server received. Set by "
    "`outtray demo`, never by hand.",
    "OUTTRAY_DEBUG": "Shows the inside of errors on the pages. Never on a machine that others "
    "can reach.",
}


@dataclass(frozen=True, slots=True)
class Read:
    """One reading of a variable."""

    name: str
    reader: str
    default: str


def reads() -> list[Read]:
    """Every variable that config/settings.py reads, in its order."""
    tree = ast.parse((ROOT / "outtray" / "config" / "settings.py").read_text())
    found = []
    for call in calls(tree):
        function = call.func
        if isinstance(function, ast.Attribute) and function.attr in READERS and call.args:
            name = call.args[0]
            if isinstance(name, ast.Constant) and str(name.value).startswith("OUTTRAY_"):
                found.append(Read(str(name.value), function.attr, _default(call)))
    return found


def page() -> str:
    lines = [
        "# Settings",
        "",
        "Outtray reads its settings from the environment when it starts. A value that makes no "
        "sense stops the start with a sentence that names it. What belongs to a company or a "
        "mailbox is not here: it is set up on the pages.",
        "",
        "| Variable | Meaning | Default | Written as |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| `{read.name}` | {MEANING[read.name]} | {read.default} | {READERS[read.reader]} |"
        for read in reads()
    ]
    return "\n".join(lines)


def _default(call: ast.Call) -> str:
    named = [keyword.value for keyword in call.keywords if keyword.arg == "default"]
    given = [*call.args[1:2], *named]
    if not given:
        return "none"
    value = given[0]
    if not isinstance(value, ast.Constant):
        return _in_words(ast.unparse(value))
    return f"`{int(value.value)}`" if isinstance(value.value, bool) else f"`{value.value!s}`"


def _in_words(expression: str) -> str:
    """The defaults that depend on the machine or on other settings."""
    words = {
        "Path(platformdirs.user_data_dir('outtray'))": "the user's data folder, "
        "`~/.local/share/outtray` on Linux",
        "DATA / 'keys' / 'ring.json'": "`keys/ring.json` in the data folder",
        "f'http://{HOST}:{PORT}'": "`http://`, host and port",
    }
    return words.get(expression, f"`{expression}`")
