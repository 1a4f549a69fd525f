"""The pages. A view finds what this person may see, calls one verb, and answers."""
