from tests.static_files import plain_static_files

__all__ = ["plain_static_files"]
