"""Starting, showing and keeping an installation: serve, demo, backup, health."""
