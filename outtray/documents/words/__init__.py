"""The fixed words on documents, one table per language; kinds add their own in their folders."""
