"""The only reader of the environment. A value that makes no sense stops the start."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import urlsplit


class SettingError(SystemExit):
    """A setting is wrong; the process ends with a sentence that names it."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(f"outtray: {name} {problem}")


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def secret(name: str) -> str:
    """A secret given directly, or by `NAME_FILE` as the path of a file that holds it."""
    path = text(f"{name}_FILE")
    if not path:
        return text(name)
    try:
        return Path(path).read_text().strip()
    except OSError as problem:
        raise SettingError(f"{name}_FILE", f"cannot be read: {problem.strerror}") from problem


def flag(name: str, *, default: bool) -> bool:
    value = text(name).lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        raise SettingError(name, f"must be 1 or 0, not {value!r}")
    return default


def number(name: str, default: int, *, at_least: int = 0, at_most: int = 2**31) -> int:
    value = text(name, str(default))
    if not value.isdigit() or not at_least <= int(value) <= at_most:
        raise SettingError(name, f"must be a number from {at_least} to {at_most}, not {value!r}")
    return int(value)


def choice(name: str, default: str, among: Iterable[str]) -> str:
    value = text(name, default).lower()
    if value not in among:
        raise SettingError(name, f"must be one of {', '.join(among)}, not {value!r}")
    return value


def path(name: str, default: Path) -> Path:
    value = text(name)
    return Path(value).expanduser().resolve() if value else default


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def pairs(name: str, *, among: Sequence[str]) -> dict[str, str]:
    """Names with a value each: `one=this,other=that`."""
    found = {}
    for word in words(name):
        key, sign, value = word.partition("=")
        if not sign or key not in among or not value:
            raise SettingError(name, f"must be {'=..., '.join(among)}=..., not {word!r}")
        found[key] = value
    return found


def places(name: str) -> list[str]:
    """Addresses of servers, each with a port or without: `10.1.0.1,127.0.0.1:5353`."""
    found = words(name)
    for word in found:
        try:
            ipaddress.ip_address(urlsplit(f"//{word}").hostname or "")
        except ValueError as wrong:
            raise SettingError(name, f"must be addresses of servers, not {word!r}") from wrong
    return found


def set_default(name: str, value: str) -> None:
    """Set a variable that the caller of this process left open (Django's settings module)."""
    os.environ.setdefault(name, value)


def put(name: str, value: str) -> None:
    """Set a variable from an option of a command, before the settings are read."""
    os.environ[name] = value
