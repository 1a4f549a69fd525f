"""What imports keep: mappings of tables, files before they are imported, watched folders."""

from __future__ import annotations

import zlib

from django.db import models
from django.db.models import Q

from outtray.lib.ids import new_id
from outtray.people.models import Company, Membership, Person


class ImportMapping(models.Model):
    """What the columns of tables with one header mean. `header` is a digest of their names."""

    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="import_mappings")
    header = models.CharField(max_length=64)
    columns = models.JSONField()
    mapping = models.JSONField()
    changed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "header"], name="one_mapping_a_header"),
        ]

    def __str__(self) -> str:
        return f"mapping of {len(self.columns)} columns"


class DraftState(models.TextChoices):
    """How far a file has come between its upload and its documents."""

    READING = "reading", "Reading"
    PREVIEWED = "previewed", "Previewed"
    IMPORTING = "importing", "Importing"
    DONE = "done", "Done"


class ImportDraftQuerySet(models.QuerySet["ImportDraft"]):
    def of(self, membership: Membership) -> ImportDraftQuerySet:
        """Only whoever uploaded a file sees it, in the company for which it was."""
        return self.filter(company_id=membership.company_id, person_id=membership.person_id)

    def slim(self) -> ImportDraftQuerySet:
        return self.defer("packed", "items")


class ImportDraft(models.Model):
    """A file that somebody uploaded to be imported: what is in it is shown before it is kept.

    `items` is what will become, or became, of each document, `counts` how many of each;
    `refusal` is what is wrong with the file as a whole. `table` holds the header and the first
    rows of a table. `done` counts the documents of `total` that were looked at so far.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    filename = models.CharField(max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    format = models.CharField(max_length=10, blank=True)
    mapping = models.JSONField(null=True)
    is_settled = models.BooleanField(default=True)
    keep_going = models.BooleanField(default=False)
    packed = models.BinaryField()
    size = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=DraftState.choices, default=DraftState.READING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    table = models.JSONField(null=True)
    refusal = models.JSONField(null=True)
    counts = models.JSONField(default=dict)
    items = models.JSONField(default=list)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = ImportDraftQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["state"],
                name="import_to_do",
                condition=Q(state__in=["reading", "importing"]),
            ),
        ]

    def __str__(self) -> str:
        return self.filename or "pasted text"

    @property
    def content(self) -> bytes:
        return zlib.decompress(self.packed)

    @staticmethod
    def pack(content: bytes) -> bytes:
        """Texts shrink to a tenth, and a row is written while others wait."""
        return zlib.compress(content, 1)


class WatchedFolder(models.Model):
    """A folder whose files are imported. `path` is below the folder that the settings name.

    `problem` says why its files could not be looked at the last time.
    """

    company = models.OneToOneField(
        Company, on_delete=models.CASCADE, primary_key=True, related_name="watched_folder"
    )
    path = models.CharField(max_length=100, unique=True)
    keep_going = models.BooleanField(default=False)
    problem = models.CharField(max_length=200, blank=True)
    changed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.path


class TakenFile(models.Model):
    """A file of a watched folder, written together with its documents.

    `moved_at` is empty until the file itself stands in its place: whoever finds such a row
    only has to move the file, and imports nothing again.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="taken_files")
    name = models.CharField(max_length=255)
    stamp = models.CharField(max_length=200)
    is_imported = models.BooleanField()
    report = models.TextField()
    taken_at = models.DateTimeField()
    moved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "name"],
                condition=Q(moved_at=None),
                name="one_taken_file_a_name",
            ),
        ]
        indexes = [models.Index(fields=["company", "-taken_at"], name="taken_files_newest")]

    def __str__(self) -> str:
        return self.name
