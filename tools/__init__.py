"""Scripts of the project itself: docs, fonts, assets, shape."""
