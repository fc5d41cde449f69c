# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Near-duplicates are found exactly, and by two pieces of code that agree with a third."""

import random
from collections import Counter
from time import process_time

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from enliterator_core.dataset.buckets import Index
from enliterator_core.dataset.gram_buckets import _NONE, _ODD, _SECOND, _THIRD, batches
from enliterator_core.dataset.gram_ranks import Ranks
from enliterator_core.dataset.near_duplicates import Held, grams, jaccard, twins

WORDS = ("bee", "hive", "queen", "drone", "smoke", "honey", "super", "é", "🐝", "蜂", "a", "", "\n")


def similar(draw):
    """Texts that are near one another: a few lines, each changed in a few places."""
    words = draw(st.lists(st.sampled_from(WORDS), min_size=0, max_size=40))
    texts = []
    for _ in range(draw(st.integers(1, 6))):
        changed = list(words)
        for place in draw(st.lists(st.integers(0, 39), max_size=4)):
            if place < len(changed):
                changed[place] = draw(st.sampled_from(WORDS))
        texts.append(" ".join(changed))
    return texts


TEXTS = st.one_of(st.lists(st.text(max_size=30), max_size=8), st.composite(similar)())


def by_force(texts, held, threshold):
    return [any(jaccard(grams(one), grams(other)) > threshold for other in held) for one in texts]


def alike(texts, others, limit):
    """The numbers of the texts with one among the others that is more alike than the limit, as the proof finds them."""
    with Index(limit, len(others)) as index:
        index.alike(others, keep=True)
        return index.alike(texts)


def near_the_limit(rnd, alphabet, length, count):
    """So many texts, each with three that differ from it in about as many letters as twins may, in any order."""
    texts = []
    for _ in range(count):
        base = rnd.choices(alphabet, k=length)
        for changes in (0, length // 100, length // 80, length // 60):
            changed = list(base)
            for _ in range(changes):
                changed[rnd.randrange(length)] = rnd.choice(alphabet)
            texts.append("".join(changed))
    rnd.shuffle(texts)
    return texts


@given(TEXTS, TEXTS, st.sampled_from([0.3, 0.5, 0.7, 0.88, 0.9, 0.95]))
@example(["", "\0"], [], 0.3)
@settings(max_examples=300, deadline=None)
def test_twins_are_those_that_comparing_all_finds(texts, held, threshold):
    held = held + texts[:1]
    found = twins(texts, held, threshold)
    assert [twin is not None for twin in found] == by_force(texts, held, threshold)
    for text, twin in zip(texts, found, strict=True):
        assert twin is None or jaccard(grams(text), grams(held[twin])) > threshold


@given(TEXTS, TEXTS, st.sampled_from([0.5, 0.88, 0.9, 0.95]))
@settings(max_examples=300, deadline=None)
def test_the_proof_finds_what_comparing_all_finds(texts, held, limit):
    held = held + texts[:1]
    found = alike(texts, held, limit)
    assert [number in found for number in range(len(texts))] == by_force(texts, held, limit)


@pytest.mark.parametrize("length", [12, 60, 192, 400, 1600])
@pytest.mark.parametrize("alphabet", ["ab", "abcdefghijklmnopqrstuvwxyz ", "éü蜂🐝ab "])
def test_the_proof_is_exact_where_many_are_near_the_limit(length, alphabet):
    rnd = random.Random(length)
    texts = near_the_limit(rnd, alphabet, length, 20)
    held, asked = texts[:40], texts[40:]
    with Index(0.9, 10) as index:
        assert index.alike(held[:15], keep=True) == set()
        kept = index.alike(held[15:], keep=True)
        assert [number in kept for number in range(25)] == by_force(held[15:], held[:15], 0.9)
        found = index.alike(asked)
    assert [number in found for number in range(40)] == by_force(asked, held, 0.9)


def test_the_proof_finds_the_same_however_little_is_held_at_once(monkeypatch):
    rnd = random.Random(11)
    texts = many(rnd, 700)
    texts, held = texts[:300], texts[300:]
    sets, others = [grams(text) for text in texts], [grams(text) for text in held]
    found = {at for at, one in enumerate(sets) if any(jaccard(one, other) > 0.8 for other in others)}
    assert 20 < len(found) < 280 and alike(texts, held, 0.8) == found
    for name, most in (("buckets._HELD", 500), ("buckets._ASKED", 300)):
        monkeypatch.setattr(f"enliterator_core.dataset.{name}", most)
    for name, most in (("_PAIRS", 1), ("_RANKED", 99)):
        monkeypatch.setattr(f"enliterator_core.dataset.token_tables.{name}", most)
    monkeypatch.setattr("enliterator_core.dataset.gram_buckets._ORDERED", 64)
    assert alike(texts, held, 0.8) == found


def test_a_gram_whose_hash_stands_for_none_has_a_twin():
    mixed = _NONE * pow(_SECOND, -1, 2**32) % 2**32
    wanted = mixed ^ mixed >> 15 ^ mixed >> 30
    for first in range(97, 2**15):
        three = ((first * _ODD ^ 98) * _THIRD + 99) * _ODD % 2**32
        last = ((three ^ wanted) - (99 * _ODD ^ 100) * _THIRD) % 2**32
        if last < 0x110000:
            break
    text = chr(first) + "bcd" + chr(last)
    assert [sizes.tolist() for _, _, sizes in batches(["other", text])] == [[1, 0]]
    assert alike(["other", text, text + "s"], ["another", text], 0.9) == {1}


def in_one_bucket(start, length):
    """A text that begins so and of which all grams but the first are in the first bucket, and are different."""
    letters = [chr(code) for code in range(0x4E00, 0x4E00 + 1000)]
    text = start
    while len(text) < length:
        every = [text[-4:] + letter for letter in letters if letter not in text]
        for numbers, table, _ in batches(every):
            fitting = numbers[table[:, 0] >> 26 == 0]
        text += every[int(fitting[0])][-1]
    return text


def test_texts_whose_grams_are_all_in_one_bucket_have_twins_that_share_none_with_them():
    text = in_one_bucket("蜂bcde", 70)
    near, far = in_one_bucket(text, 72), text[:35] + "another text altogether, " + text[60:]
    assert len(grams(text)) == 66 and alike([near, far, text], ["other", text, "another"], 0.9) == {0, 2}
    assert alike(["other", text, "another"], [near, far], 0.9) == {1}


def many(rnd, count):
    """Texts of several templates and all lengths, many of them close to one another, on both sides of a threshold."""
    words = ["".join(rnd.choices("abcdefgh é", k=rnd.randint(2, 9))) for _ in range(60)]
    templates = [" ".join(rnd.choices(words, k=k)) for k in (0, 1, 3, 8, 20, 40, 80, 400)]
    texts = []
    for _ in range(count):
        text = f"{rnd.choice(templates)} {' '.join(rnd.choices(words, k=rnd.choice((0, 0, 1, 3))))}"
        places = [rnd.randrange(len(text)) for _ in range(rnd.randint(0, 1 + len(text) // 100))]
        for place in places:
            text = text[:place] + rnd.choice("xyz") + text[place + rnd.randint(0, 3) :]
        texts.append(text)
    return texts


def in_small_pieces(monkeypatch):
    """Have few texts stand in a block, and next to none be kept in memory."""
    for name, value in (
        ("blocks._MET", 50),
        ("blocks._INDEXED", 64),
        ("blocks._HALVED", 1000),
        ("blocks._LONG", 2),
        ("shelves._BLOCK", 1 << 12),
        ("shelves._READ", 1 << 12),
        ("shelves._KEPT", 10_000),
    ):
        monkeypatch.setattr(f"enliterator_core.dataset.gram_{name}", value)


def test_many_texts_of_all_lengths_have_the_twins_that_comparing_all_finds(monkeypatch, tmp_path):
    rnd = random.Random(7)
    texts, held = many(rnd, 400), many(rnd, 600)
    sets, others = [grams(text) for text in texts], [grams(text) for text in held]
    for threshold in (0.6, 0.8, 0.88, 0.9, 0.97):
        near = [{at for at, other in enumerate(others) if jaccard(one, other) > threshold} for one in sets]
        found = Held(held, threshold).twins(texts)
        assert [twin is not None for twin in found] == [bool(some) for some in near]
        assert all(twin is None or twin in some for twin, some in zip(found, near, strict=True))
        assert 20 < sum(map(bool, near)) < 390
        with monkeypatch.context() as patch:
            in_small_pieces(patch)
            assert Held(held, threshold, tmp_path).twins(texts) == found
            among = np.array([rnd.random() < 0.2 for _ in held])
            found = Held(held, threshold, tmp_path).twins(texts, among)
        assert [twin is not None for twin in found] == [any(among[at] for at in some) for some in near]


@pytest.mark.parametrize("small", [False, True])
def test_held_texts_have_the_twins_among_others_of_them_that_texts_of_their_own_have(small, monkeypatch, tmp_path):
    if small:
        in_small_pieces(monkeypatch)
    rnd = random.Random(11)
    held = many(rnd, 500)
    among = np.array([rnd.random() < 0.4 for _ in held])
    asking = np.array([rnd.random() < 0.7 for _ in held]) & ~among
    index = Held(held, 0.88, tmp_path)
    asked = [text for text, flag in zip(held, asking, strict=True) if flag]
    found = index.twins_of_held(asking, among)
    assert found == index.twins(asked, among)
    assert 20 < sum(twin is not None for twin in found) < len(asked) - 20


@pytest.mark.parametrize("length", [12, 60, 192, 400, 1600])
@pytest.mark.parametrize("alphabet", ["ab", "abcdefghijklmnopqrstuvwxyz ", "éü蜂🐝ab "])
def test_texts_near_the_limit_have_the_twins_that_comparing_all_finds(length, alphabet, monkeypatch):
    rnd = random.Random(length)
    texts = near_the_limit(rnd, alphabet, length, 30)
    held, asked = texts[:60], texts[60:]
    for threshold in (0.88, 0.9):
        assert [twin is not None for twin in twins(asked, held, threshold)] == by_force(asked, held, threshold)


@given(st.integers(0, 2**32 - 1), st.integers(0, 20), st.integers(1, 8))
@settings(max_examples=100, deadline=None)
def test_what_two_texts_share_is_among_the_first_tokens_of_both_however_they_are_ranked(seed, differ, shared):
    draw = np.random.default_rng(seed)
    one = draw.integers(0, 2**32, 64, np.uint32) << np.uint32(26 * draw.integers(0, 2))  # many cells alike, or few
    other = one.copy()
    other[draw.choice(64, differ, replace=False)] = draw.integers(0, 2**32, differ, np.uint32)
    counted_in = draw.integers(0, 2**32, (10, 64), np.uint32)
    ranks = Ranks(iter([counted_in, one[None].repeat(draw.integers(1, 99), axis=0)]), 100, 6)
    first, second = (Counter(row[: differ + shared].tolist()) for row in ranks.ranked(np.stack([one, other])))
    assert (first & second).total() >= shared


def test_a_text_that_is_held_itself_is_its_own_twin():
    texts = many(random.Random(8), 300)
    assert [texts[twin] for twin in twins(texts, texts, 0.88)] == texts


def test_an_alphabet_too_large_for_one_number_is_still_exact():
    rnd = random.Random(4)
    texts = ["".join(chr(rnd.randrange(0x4E00, 0x9FFF)) for _ in range(120)) for _ in range(200)]
    near = [text[:60] + "x" + text[60:] for text in texts[:50]]
    assert len({character for text in texts for character in text}) > 6208
    found = twins([*near, *texts[100:]], texts[:100], 0.9)
    assert found == [*range(50), *[None] * 100]


def test_twenty_thousand_templated_texts_take_seconds():
    rnd = random.Random(1)
    words = ["".join(rnd.choices("abcdefghijklmnopqrstuvwxyz", k=rnd.randint(3, 9))) for _ in range(3000)]
    template = "What is known about {} and what is missing? It is said in the handbook: {} Missing: a source on {}."
    texts = [template.format(*(" ".join(rnd.choices(words, k=k)) for k in (2, 30, 8))) for _ in range(20_000)]
    start = process_time()
    found = twins([*texts[4000:], texts[7] + "!"], texts[:4000], 0.9)
    assert process_time() - start < 15  # about 2 s; a machine may be busy
    assert found[-1] == 7 and not any(found[:-1])
