# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Which language a text is in: told by its script and, for Latin letters, by the small words that no two share.

A light way for a light purpose: to refuse what is plainly in another language than was asked for, and to say what a
dataset is made of. Names and code say nothing of a language; where little else is said, the answer is `und`.
"""

import re
import unicodedata
from typing import Final

UNDETERMINED: Final = "und"  # ISO 639-2 for a language that cannot be told

_LETTERS: Final = re.compile(r"[^\W\d_]+")
_KANA: Final = re.compile("[\u3041-\u30fa]")
_SCRIPTS: Final = {
    "CYRILLIC": "ru",
    "GREEK": "el",
    "HEBREW": "he",
    "ARABIC": "ar",
    "CJK": "zh",
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "DEVANAGARI": "hi",
    "THAI": "th",
}
_SMALL_WORDS: Final = {
    "en": "the and of to is are was that this with from for not what which by it an has be on no there",
    "de": "der die das und ist nicht mit von zu den ein eine auf für im dem wird sind was welche aus kein",
    "fr": "le la les des et est une dans pour que qui pas du avec sur sont par ce cette au quel quelle il",
    "es": "el la los las y es una que de en por con para no del se son como lo está qué cuál sin al",
    "it": "il la le gli e è una che di per non con sono del della nel come si quale da questo un lo",
    "pt": "o a os as e é uma que de em por com para não do da no na são como um se qual ao",
    "nl": "de het een en van is niet met op voor dat zijn te in wat welke door aan er wordt geen bij",
}
_LANGUAGES: Final = {
    word: tuple(language for language, words in _SMALL_WORDS.items() if word in words.split())
    for words in _SMALL_WORDS.values()
    for word in words.split()
}
KNOWN: Final = frozenset((*_SMALL_WORDS, *_SCRIPTS.values()))


def language_of(text: str) -> str:
    """Return the ISO 639-1 code of the language that a text seems to be in, `und` where it does not show.

    Scripts decide for languages that have one nearly to themselves (all of Cyrillic counts as `ru`, Han without kana
    as `zh`); in Latin letters the language with the most small words, where no other has as many.
    """
    words = _LETTERS.findall(text.casefold())
    foreign = [word for word in words if not word.isascii()]
    scripts: dict[str, int] = {}
    for word in foreign:
        script = _SCRIPTS.get(unicodedata.name(word[0], "").partition(" ")[0])
        if script:
            scripts[script] = scripts.get(script, 0) + len(word)
    if scripts and 2 * sum(scripts.values()) > sum(map(len, words)):
        return "ja" if _KANA.search(text) else max(scripts, key=lambda one: (scripts[one], one))
    counts: dict[str, int] = {}
    for word in words:
        for language in _LANGUAGES.get(word, ()):
            counts[language] = counts.get(language, 0) + 1
    ranked = sorted(counts.values(), reverse=True)
    if not ranked or ranked[0] < 2 or (len(ranked) > 1 and ranked[1] == ranked[0]):
        return UNDETERMINED
    return max(counts, key=lambda one: counts[one])
