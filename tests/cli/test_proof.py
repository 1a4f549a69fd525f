from __future__ import annotations

from datetime import datetime
from pathlib import Path

from outtray.people.models import Membership
from tests import builders
from tests.cli.conftest import Run


def test_the_proof_of_sending_is_written_to_a_file(
    run: Run, anna: Membership, ben: Membership, at: datetime, tmp_path: Path
) -> None:
    email = builders.queued(builders.user_email(ben, at=at), at=at)
    path = tmp_path / "proof.pdf"

    told = run("proof", str(email.pk), "--output", str(path))
    streamed = run("proof", str(email.pk), "--output", "-")
    missing = run("proof", str(anna.pk))

    assert told.exit_code == 0, told.output
    assert path.read_bytes().startswith(b"%PDF")
    assert streamed.stdout_bytes.startswith(b"%PDF")
    assert (missing.exit_code, "There is no email" in missing.stderr) == (1, True)
