"""Beside the law: files that people attach, checked by content and kept on the disk."""
