"""The catalogues of a language as the program reads them: `.mo` files, by the standard library's `gettext`."""

from collections.abc import Callable
from gettext import GNUTranslations
from pathlib import Path

from oppcli.model.said import HELP

FOLDERS = {"zh": "zh_CN"}
DOMAINS = ["opp"]
"""The catalogues that are looked into, the first that has a template tells it; `help` is added where help is told."""
_READ: dict[tuple[str, str], GNUTranslations | None] = {}


def catalogue(lang: str) -> Callable[[str, str], str]:
    """The templates of a language; the English one where there is none, or no catalogue at all."""

    def tell(context: str, template: str) -> str:
        if context == HELP:
            found = _translations(lang, HELP)
            return found.gettext(template) if found else template
        for domain in DOMAINS:
            found = _translations(lang, domain)
            told = found and (found.pgettext(context, template) if context else found.gettext(template))
            if told and told != template:
                return told
        return template

    return tell


def with_help() -> None:
    """From here on what help alone tells is looked up too."""
    if HELP not in DOMAINS:
        DOMAINS.append(HELP)


def _translations(lang: str, domain: str) -> GNUTranslations | None:
    if (lang, domain) not in _READ:
        path = Path(__file__).with_name(FOLDERS.get(lang, lang)) / f"{domain}.mo"
        try:
            with path.open("rb") as file:
                _READ[lang, domain] = GNUTranslations(file)
        except OSError:
            _READ[lang, domain] = None
    return _READ[lang, domain]
