"""Numbers as a sentence says them."""

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def number_word(number: int) -> str:
    """Return a small number as a word, a large one in digits.

    >>> number_word(3), number_word(1200)
    ('three', '1,200')
    """
    return _WORDS[number] if 0 <= number < len(_WORDS) else f"{number:,}"
