"""Copies the pages' assets out of installed npm packages, and records what they are.

    npm install <the packages of ASSETS and BUNDLE at their versions>
    python -m tools.assets path/to/node_modules

CodeMirror comes in many modules: esbuild makes one script of what `codemirror.js` beside this
asks for, and its version is that of `@codemirror/view`.

Each lands in `static/outtray/vendor/<name>-<version>/` with its licence. `vendor.json`
keeps name, version, licence and the SHA-256 of every file; a test compares.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "outtray" / "web"
VENDOR = WEB / "static" / "outtray" / "vendor"
ICONS = WEB / "icons"
RECORD = VENDOR / "vendor.json"

_INTER = [
    f"files/inter-{subset}-wght-normal.woff2"
    for subset in ("latin", "latin-ext", "greek", "greek-ext", "cyrillic", "cyrillic-ext")
]


@dataclass(frozen=True, slots=True)
class Asset:
    """What we take from one package."""

    package: str
    name: str
    files: tuple[str, ...]


ASSETS = (
    Asset("@tabler/core", "tabler", ("dist/css/tabler.min.css",)),
    Asset("@fontsource-variable/inter", "inter", tuple(_INTER)),
    Asset("htmx.org", "htmx", ("dist/htmx.min.js",)),
    Asset("trix", "trix", ("dist/trix.umd.min.js", "dist/trix.css")),
)

BUNDLE = (
    "@codemirror/autocomplete",
    "@codemirror/commands",
    "@codemirror/lang-liquid",
    "@codemirror/language",
    "@codemirror/lint",
    "@codemirror/state",
    "@codemirror/view",
    "@lezer/highlight",
    "esbuild",
)

ICON_NAMES = tuple(
    re.findall(
        r"\S+",
        """
        adjustments alert-circle alert-triangle arrow-back-up arrow-left
        arrow-narrow-right at ban bell bolt brand-google brand-windows building calendar
        chart-bar check chevron-down
        chevron-left chevron-right chevron-up circle-check circle-dashed circle-x clock
        cloud code copy device-desktop dots dots-vertical download edit external-link eye
        eye-off file file-check file-invoice file-text files filter hand-stop help-circle
        history home inbox info-circle key link loader-2 lock logout mail mail-cog
        mail-off mail-plus mail-x menu-2 moon package palette paperclip photo player-pause
        player-play player-stop plug plug-connected plus receipt refresh search selector send
        server settings
        shield-check shopping-cart stack-2 star sun trash truck-delivery upload user user-plus
        users world x
        """,
    )
)

TABLER_LICENCE = """\
MIT License

Copyright (c) 2018-2026 The Tabler Authors, codecalm.net Paweł Kuna
Copyright (c) 2011-2026 The Bootstrap Authors

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""


def main() -> None:
    modules = Path(sys.argv[1])
    shutil.rmtree(VENDOR, ignore_errors=True)
    record = [_copy(asset, modules) for asset in ASSETS]
    record.append(_bundle_codemirror(modules))
    record.append(_copy_icons(modules))
    RECORD.write_text(json.dumps(record, indent=2) + "\n")


def recorded_files() -> Iterator[tuple[Path, str]]:
    """Every file that the record names, with the SHA-256 that it must have."""
    for entry in json.loads(RECORD.read_text()):
        for name, digest in entry["files"].items():
            yield WEB / name, digest


def digest_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _copy(asset: Asset, modules: Path) -> dict[str, object]:
    package = modules / asset.package
    about = json.loads((package / "package.json").read_text())
    folder = VENDOR / f"{asset.name}-{about['version']}"
    folder.mkdir(parents=True)
    for name in asset.files:
        _copy_file(package / name, folder / Path(name).name)
    _copy_licence(package, folder)
    return _entry(asset.package, about, sorted(folder.iterdir()))


def _copy_icons(modules: Path) -> dict[str, object]:
    package = modules / "@tabler" / "icons"
    about = json.loads((package / "package.json").read_text())
    shutil.rmtree(ICONS, ignore_errors=True)
    ICONS.mkdir()
    for name in ICON_NAMES:
        drawing = (package / "icons" / "outline" / f"{name}.svg").read_text()
        (ICONS / f"{name}.svg").write_text(_only_paths(drawing))
    _copy_licence(package, ICONS)
    return _entry("@tabler/icons", about, sorted(ICONS.iterdir()))


def _bundle_codemirror(modules: Path) -> dict[str, object]:
    """One script of the editor's modules, and the versions that it was made of."""
    package = modules / "@codemirror" / "view"
    about = json.loads((package / "package.json").read_text())
    folder = VENDOR / f"codemirror-{about['version']}"
    folder.mkdir(parents=True)
    subprocess.run(
        [
            modules / ".bin" / "esbuild",
            Path(__file__).with_name("codemirror.js"),
            *("--bundle", "--minify", "--format=iife", "--target=es2022"),
            f"--outfile={folder / 'codemirror.min.js'}",
        ],
        env={"NODE_PATH": str(modules), "PATH": "/usr/bin:/usr/local/bin"},
        check=True,
    )
    _copy_licence(package, folder)
    made_of = {name: _version(modules / name) for name in BUNDLE}
    return {**_entry("codemirror", about, sorted(folder.iterdir())), "made_of": made_of}


def _version(package: Path) -> str:
    return str(json.loads((package / "package.json").read_text())["version"])


def _only_paths(drawing: str) -> str:
    """The strokes alone; size, colour and weight come from our style sheet."""
    strokes = [path for path in re.findall(r"<path[^>]*/>", drawing) if 'fill="none"' not in path]
    return "".join(stroke.replace(" />", "/>") for stroke in strokes) + "\n"


def _copy_file(source: Path, target: Path) -> None:
    """Copy, without the line that points to a source map we do not ship."""
    content = source.read_bytes()
    if source.suffix in {".js", ".css"}:
        content = re.sub(rb"\n?(//|/\*)# sourceMappingURL=[^\n*]*(\*/)?\s*$", b"\n", content)
    target.write_bytes(content)


def _copy_licence(package: Path, folder: Path) -> None:
    """The package's own licence file; Tabler's style sheet comes without one."""
    given = package / "LICENSE"
    text = given.read_text() if given.exists() else TABLER_LICENCE
    (folder / "LICENSE").write_text(text)


def _entry(package: str, about: dict[str, str], files: list[Path]) -> dict[str, object]:
    return {
        "package": package,
        "version": about["version"],
        "licence": about["license"],
        "files": {str(file.relative_to(WEB)): digest_of(file) for file in files},
    }


if __name__ == "__main__":
    main()
