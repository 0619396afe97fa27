"""From pages to articles: the plain text that spans are counted in, and the time of publication."""

from bilateral.clean.article import clean
from bilateral.clean.batch import clean_all

__all__ = ["clean", "clean_all"]
