"""The REST API under `/api/v1`: the same nouns and verbs as the pages, as JSON."""
