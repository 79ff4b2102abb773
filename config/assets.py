"""Bootstrap's stylesheet from its package: the one file that pages use and the map it names."""

from pathlib import Path

import bootstrap_wrapper
from django.contrib.staticfiles.finders import FileSystemFinder
from django.core.files.storage import FileSystemStorage

FILES = ("bootstrap.min.css", "bootstrap.min.css.map")


class BootstrapFinder(FileSystemFinder):
    """Finds ``bootstrap/css/bootstrap.min.css`` and nothing else of the package's 32 files."""

    def __init__(self, app_names=None, *args, **kwargs):
        folder = str(Path(bootstrap_wrapper.get_bootstrap_css_dir()))
        self.locations = [("bootstrap/css", folder)]
        self.storages = {folder: FileSystemStorage(location=folder)}
        self.storages[folder].prefix = "bootstrap/css"

    def check(self, **kwargs):
        return []

    def list(self, ignore_patterns):
        return ((path, storage) for path, storage in super().list(ignore_patterns) if path in FILES)
