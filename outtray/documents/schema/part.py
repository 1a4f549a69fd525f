"""What every part of a document is: frozen, and closed to unknown fields."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """A piece of a document. Unknown fields are refused: a typing mistake must not vanish."""

    model_config = ConfigDict(extra="forbid", frozen=True)
