"""The Drive API over the workspace's files; app/demo/drive_store.py keeps them."""
