"""Keep: what must outlive the code. ``archive.store.Archive`` is the door; ``archive.model`` the common language."""
