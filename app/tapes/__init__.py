"""Tapes: conversations recorded at their edges, one readable file each, and replayed without the edges."""
