# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Intake: what is taken in, what is left out, what is refused by name, and what is done only once."""

import os
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enliterator_core import MASK, Batch, Context, Reader, Time, UsageError, sha256_of
from enliterator_core.pieces import Pieces
from enliterator_core.testing import MemoryGraph
from enliterator_data import Json, Toml
from enliterator_intake import Intake
from enliterator_intake.decode import decode
from enliterator_markdown import Markdown
from enliterator_python import Python
from enliterator_text import Text

READERS = (Markdown(), Python(), Toml(), Json(), Text())


@pytest.fixture
def take(tmp_path):
    """Run intake on folders below tmp_path/in; what was made stays for the next run."""

    def run(*origins, stage=None, readers=READERS):
        pieces = Pieces(tmp_path / "pieces.db")
        origins = origins or (tmp_path / "in",)
        graph = MemoryGraph()
        context = Context(
            Batch(1, "b", "", ""), tuple(map(str, origins)), None, graph, pieces, tmp_path / "d", readers=readers
        )
        run.result = (stage or Intake()).run(context)
        pieces.close()
        run.graph, run.context = graph, context
        run.sources = {one.path: one for one in graph.sources()}
        run.refused = {one.path: one.reason for one in context.refused}
        return run

    (tmp_path / "in").mkdir()
    return run


@pytest.fixture
def root(tmp_path, take):
    return tmp_path / "in"


def write(root, files):
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content if isinstance(content, bytes) else content.encode())


def git(root, *arguments):
    settings = ("-c", "user.name=Ann é", "-c", "user.email=ann@example.com", "-c", "init.defaultBranch=main")
    date = "2026-03-04T05:06:07+00:00"
    clean = {**os.environ, "GIT_AUTHOR_DATE": date, "GIT_COMMITTER_DATE": date, "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(["git", *settings, *arguments], cwd=root, check=True, capture_output=True, env=clean).stdout


def test_an_empty_folder_is_fine(take):
    assert take().sources == {}
    assert take.refused == {}
    assert take.result.counts["files"] == 0


def test_files_come_in_with_hash_media_type_and_document(take, root):
    write(root, {"b/a.md": "# T\n", "a.py": "x = 1\n", "LICENSE": "L", "empty.txt": ""})
    take()
    assert list(take.sources) == ["LICENSE", "a.py", "b/a.md", "empty.txt"]
    source = take.sources["b/a.md"]
    assert (source.media_type, source.size, source.title, source.encoding) == ("text/markdown", 4, "T", "utf-8")
    assert source.sha256 == sha256_of(b"# T\n")
    assert source.rights == ""
    assert take.graph.document("b/a.md").blocks[0].name == "T"


def test_secrets_are_masked_in_text_blocks_title_and_stated_values(take, root):
    write(root, {"a.md": "---\nauthor: joe@firm.de\n---\n# Ask joe@firm.de\n\njoe@firm.de\n"})
    take()
    document = take.graph.document("a.md")
    assert "joe" not in repr(document)
    assert document.title == "Ask " + MASK * 11
    assert take.graph.note("intake")["redactions"] == {"e-mail": 3}


def test_what_ignore_files_and_the_setting_leave_out_is_left_out_silently(take, root):
    write(
        root,
        {
            ".gitignore": "*.log\nbuild/\n!keep.log\n/top.md\n",
            "a.log": "",
            "keep.log": "",
            "build/a.md": "",
            "top.md": "",
            "sub/top.md": "",
            "sub/.gitignore": "!a.log\nx.md\n",
            "sub/a.log": "",
            "sub/x.md": "",
            "out/z.md": "",
            ".enliterator/records.db": "",
            "fine_tune/a.md": "",
            "deliverables/a.md": "",
        },
    )
    take(stage=Intake(exclude=("out/",)))
    assert set(take.sources) == {".gitignore", "keep.log", "sub/.gitignore", "sub/a.log", "sub/top.md"}
    assert take.refused == {}


def test_result_folders_count_as_such_only_beside_a_workspace(take, root):
    write(root, {"deliverables/a.md": "", "x/fine_tune/a.md": ""})
    assert set(take().sources) == {"deliverables/a.md", "x/fine_tune/a.md"}


def test_links_devices_and_odd_names_are_refused_by_name_and_the_rest_goes_on(take, root, tmp_path):
    write(tmp_path, {"outside/secret.md": "# S\n"})
    write(root, {"good.md": "# G\n"})
    (root / "out.md").symlink_to(tmp_path / "outside" / "secret.md")
    (root / "folder").symlink_to(tmp_path / "outside")
    (root / "loop").symlink_to(root)
    os.mkfifo(root / "pipe.md")
    (root / "two\nlines.md").write_text("x")
    with open(os.fsencode(root) + b"/bad\xff.md", "w", encoding="ascii") as odd:  # noqa: PTH123  a Path takes no bytes
        odd.write("x")
    take()
    assert set(take.sources) == {"good.md"}
    assert set(take.refused) == {"out.md", "folder", "loop", "pipe.md", "two\\nlines.md", "bad\\udcff.md"}
    assert "link" in take.refused["out.md"]
    assert all(path.isprintable() and reason.isprintable() for path, reason in take.refused.items())


def test_binary_unreadable_and_huge_files_are_refused_by_name(take, root, monkeypatch):
    write(root, {"a.bin": bytes(range(256)), "ok.md": "x", "locked.md": "x", "late.md": "x" * 5000 + "\0"})
    with (root / "huge.txt").open("wb") as huge:
        huge.truncate(200 * 2**20)
    really = os.open

    def guarded(path, *arguments, **options):
        if str(path).endswith("locked.md"):
            raise PermissionError(13, "Permission denied")
        return really(path, *arguments, **options)

    monkeypatch.setattr(os, "open", guarded)
    take()
    assert set(take.sources) == {"ok.md"}
    assert take.refused["a.bin"] == "it is not text, and no plugin reads it"
    assert take.refused["locked.md"] == "it cannot be read: Permission denied"
    assert take.refused["huge.txt"] == "it is too large: 200.0 MiB, and 16.0 is the limit (max_file_bytes)"
    assert take.refused["late.md"] == "it is not text"


def test_limits_are_told_once(take, root):
    write(root, {f"{n}.md": "x" for n in range(5)})
    take(stage=Intake(max_files=3))
    assert len(take.sources) == 3
    assert take.refused == {"in": "2 files are over the limits max_files or max_total_bytes"}


def test_a_reader_that_raises_or_changes_the_text_hurts_only_its_file(take, root):
    class Broken(Reader):
        name = "broken"
        media_types = {".x": "text/x", ".y": "text/y"}

        def read(self, raw):
            if raw.media_type == "text/x":
                raise ZeroDivisionError("x")
            return Text().read(raw).__class__("other")

    write(root, {"a.x": "a", "a.y": "a", "a.md": "a"})
    take(readers=(Broken(), *READERS))
    assert set(take.sources) == {"a.md"}
    assert take.refused == {
        "a.x": "the reader broken failed: ZeroDivisionError: x",
        "a.y": "the reader broken changed its text",
    }


def test_only_what_changed_is_read_again_and_the_rest_is_the_same(take, root):
    write(root, {f"{n}.md": f"# {n}\n" for n in range(5)})
    first = take()
    assert take.context.worked == {"intake": 5}
    before = list(first.graph.sources())
    take()
    assert take.context.worked == {}
    assert list(take.graph.sources()) == before
    write(root, {"3.md": "# new\n"})
    (root / "4.md").unlink()
    take()
    assert take.context.worked == {"intake": 1}
    assert take.sources["3.md"].title == "new"
    assert "4.md" not in take.sources


def test_duplicates_are_kept_and_told(take, root):
    write(root, {"a.md": "# T\n", "b/a.md": "# T\n"})
    assert len(take().sources) == 2
    assert take.graph.note("intake")["duplicates"] == [["b/a.md", "a.md"]]


def test_one_file_and_several_folders(take, root, tmp_path):
    write(tmp_path, {"one/a.md": "1", "two/a.md": "2", "solo.md": "3", "x/one/b.md": "4"})
    assert set(take(tmp_path / "solo.md").sources) == {"solo.md"}
    assert set(take(tmp_path / "one", tmp_path / "two", tmp_path / "solo.md").sources) == {
        "one/a.md",
        "solo.md",
        "two/a.md",
    }
    with pytest.raises(UsageError, match="two sources are called one"):
        take(tmp_path / "one", tmp_path / "x" / "one")
    with pytest.raises(UsageError, match="does not exist"):
        take(tmp_path / "absent")


def test_commits_are_texts_that_git_prints_again(take, root):
    git(root, "init", "-q")
    write(root, {"a.md": "# A\n", "gone.md": "x"})
    git(root, "add", "-A")
    git(root, "commit", "-qm", "First thing\n\nWhy it\nwas done.\n\nSigned-off-by: Ann <ann@example.com>")
    git(root, "mv", "a.md", "b é.md")
    git(root, "rm", "-q", "gone.md")
    write(root, {'q"t.md': "q"})
    git(root, "add", "-A")
    git(root, "commit", "-qm", "Second")
    write(root, {"new.md": "never committed", 'q"t.md': "changed since"})
    take()
    commits = [one for one in take.graph.sources() if one.kind == "commit"]
    assert len(commits) == 2
    shown = ["-c", "core.quotePath=false", "show", "--no-color", "--no-ext-diff", "--no-textconv"]
    shown += ["--diff-merges=off", "--encoding=UTF-8"]
    form = "--format=commit %H%nAuthor: %an%nDate: %aI%n%n%B"
    for one in commits:
        printed = git(root, *shown, "--name-status", "-M", "-l1000", form, one.path.removeprefix("commit:")).decode()
        assert take.graph.document(one.path).text == printed.replace("ann@example.com", MASK * 15)
        assert one.time == Time("2026-03-04T05:06:07+00:00", "git")
    first = next(one for one in commits if one.title == "First thing")
    second = next(one for one in commits if one.title == "Second")
    document = take.graph.document(first.path)
    words = [document.text[one.start : one.end] for one in document.blocks if one.kind == "paragraph"]
    assert words == ["Why it\nwas done.", f"Signed-off-by: Ann <{MASK * 15}>"]
    files = [(one.info, one.name) for one in take.graph.document(second.path).blocks[4:]]
    assert files == [("renamed", "b é.md"), ("deleted", "gone.md"), ("added", 'q"t.md')]
    assert take.sources["b é.md"].time == Time("2026-03-04T05:06:07+00:00", "git")
    assert take.sources["new.md"].time == take.sources['q"t.md'].time == Time()
    take()
    assert take.context.worked == {}
    assert len(take(stage=Intake(max_commits=1)).sources) == 4


def test_a_hostile_repository_runs_nothing(take, root, tmp_path):
    git(root, "init", "-q")
    write(root, {"a.md": "x", ".gitattributes": "*.md diff=evil filter=evil\n"})
    git(root, "add", "-A")
    git(root, "commit", "-qm", "One")
    trap = tmp_path / "trap.sh"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/sprung\ncat\n")
    trap.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "diff.external",
        "diff.evil.textconv",
        "diff.evil.command",
        "core.pager",
        "gpg.program",
    ):
        git(root, "config", key, str(trap))
    git(root, "config", "log.showSignature", "true")
    git(root, "config", "core.hooksPath", str(tmp_path))
    take()
    assert sum(one.kind == "commit" for one in take.sources.values()) == 1
    assert not (tmp_path / "sprung").exists()


def test_a_broken_or_empty_repository_is_told_and_the_files_come_in(take, root):
    write(root, {"a.md": "x", ".git/HEAD": "nonsense"})
    assert set(take().sources) == {"a.md"}
    assert "history cannot be read" in take.refused[".git"]


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("hé\r\n".encode(), "hé\r\n", "utf-8"),
        ("hé".encode("utf-8-sig"), "hé", "utf-8-sig"),
        ("hé".encode("utf-16"), "hé", "utf-16"),
        ("hé".encode("utf-32"), "hé", "utf-32"),
        ("été à l'école".encode("cp1252"), "été à l'école", "cp1252"),
    ],
)
def test_encodings(data, text, encoding):
    assert decode(data) == (text, encoding)


def test_long_text_in_another_encoding_is_detected():
    text = "Съешь же ещё этих мягких французских булок, да выпей чаю. " * 60
    decoded = decode(text.encode("cp1251"))
    assert decoded is not None
    assert decoded[0] == text


@given(st.binary(max_size=300))
def test_any_bytes_are_text_without_nul_or_nothing(data):
    decoded = decode(data)
    assert decoded is None or "\0" not in decoded[0]
