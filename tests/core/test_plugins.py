# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Loading: what plugins add, named, configured and in order, and every way in which one can be wrong."""

import sys
import textwrap

import pytest

from enliterator_core.cli.inventory import listing
from enliterator_core.config import BUNDLED, Entry
from enliterator_core.plugins import open_plugins

HEAD = """
from attrs import field, frozen
from attrs.validators import ge, le
from enliterator_core import *
from enliterator_core import Stage, StageResult, env
"""

TASK = """
@frozen
class Count(TaskType):
    '''Count things.'''
    name = "count"
    system_prompt = "Count."
    share: float = field(default=0.2, validator=[ge(0), le(1)], metadata={"help": "how much"})
    tries: int = 1
    def generate(self, graph, sampler): yield []
    def verify(self, draft, graph): return Verdict(False, "")
    def grade(self, draft, answer, graph): return Grade(0, {})

@hookimpl
def register_task_types(): return [Count]
"""

PROVIDER = """
@frozen
class Acme(Provider):
    name = "acme"
    api_key: Secret = env("ACME_API_KEY")
    base_url: str = "https://acme.example"

@hookimpl
def register_providers(): return [Acme]
"""

STAGES = """
def stage(called, *wanted):
    class Some(Stage):
        name, after = called, wanted
        def run(self, context): return StageResult({{}}, "")
    return Some

@hookimpl
def register_stages(): return [{stages}]
"""


@pytest.fixture
def author(tmp_path, monkeypatch):
    """Write modules that can be imported for the length of one test."""
    monkeypatch.syspath_prepend(str(tmp_path))
    written = []

    def write(name, source, *, head=HEAD):
        (tmp_path / f"{name}.py").write_text(head + textwrap.dedent(source), encoding="utf-8")
        written.append(name)

    yield write
    for name in written:
        sys.modules.pop(name, None)


def entry(name, number=0, *, origin="plugins.toml", alias=None, enabled=True, **settings):
    path = f"plugin[{number}]"
    given = {key: (f"{path}.settings.{key}", value) for key, value in settings.items()}
    return Entry(path, origin, module=name, alias=alias, enabled=enabled, settings=given)


def problems_of(*entries):
    return [(problem.path, problem.message) for problem in open_plugins(entries)[1]]


def test_settings_reach_the_instance_and_the_rest_keeps_its_defaults(author):
    author("counting", TASK)
    plugins, problems = open_plugins([entry("counting", share=1)])
    assert not problems
    (task,) = plugins.task_types
    assert (task.name, task.share, task.tries) == ("count", 1.0, 1)
    assert type(task.share) is float


def test_a_listing_tells_what_each_plugin_adds_and_its_settings(author):
    author("counting", '"""counting: how many."""\n' + HEAD + TASK, head="")
    author("sleeping", "raise RuntimeError('never imported')")
    plugins, problems = open_plugins([entry("counting", share=0.5), entry("sleeping", 1, enabled=False)])
    assert not problems
    counting, sleeping = listing(plugins)
    assert (counting.name, counting.help, counting.enabled) == ("counting", "counting: how many.", True)
    assert counting.adds == {"register_task_types": ["count"]}
    share, tries = counting.settings
    assert (share.name, share.type, share.default, share.value, share.help) == (
        "share", "a float", 0.2, 0.5, "how much",
    )  # fmt: skip
    assert tries.value == tries.default == 1
    assert (sleeping.enabled, sleeping.adds) == (False, {})


def test_a_plugin_comes_twice_under_two_names_with_settings_of_its_own(author):
    author("acme", PROVIDER)
    plugins, problems = open_plugins([entry("acme"), entry("acme", 1, alias="azure", base_url="https://other.example")])
    assert not problems
    first, second = plugins.providers
    assert (first.name, first.base_url) == ("acme", "https://acme.example")
    assert (second.name, second.base_url) == ("azure", "https://other.example")
    assert type(second).__module__ == "acme"
    assert second.api_key.variable == "ACME_API_KEY"
    assert [one.name for one in listing(plugins)] == ["acme", "azure"]


def test_a_name_goes_before_their_own_where_a_plugin_adds_several_and_commands_come_once(author):
    author("several", STAGES.format(stages="stage('one'), stage('two', 'one')") + """
@hookimpl
def register_commands(): return [Command("hello", "Say hello.", "several:hello")]
@hookimpl
def register_storages():
    class Shelf(Storage):
        name, schemes = "shelf", ("shelf",)
    return [Shelf]
""")  # fmt: skip
    plugins, problems = open_plugins([entry("several"), entry("several", 1, alias="again")])
    assert not problems
    assert [stage.name for stage in plugins.stages] == ["one", "two", "again.one", "again.two"]
    assert [command.name for command in plugins.commands] == ["hello"]
    assert [storage.schemes for storage in plugins.storages] == [("shelf",), ("again",)]


def test_one_setting_goes_to_every_class_that_has_it(author):
    author(
        "pair",
        """
@frozen
class A(Provider):
    name = "a"
    limit: int = 1
@frozen
class B(Provider):
    name = "b"
    limit: int = 2
    other: int = 3
@hookimpl
def register_providers(): return [A, B]
""",
    )
    plugins, problems = open_plugins([entry("pair", limit=9, other=8)])
    assert not problems
    a, b = plugins.providers
    assert (a.limit, b.limit, b.other) == (9, 9, 8)
    assert problems_of(entry("pair", limit="x")) == [("plugin[0].settings.limit", '"x" is a string, not an integer')]


def test_plugins_are_asked_in_their_order_and_readers_of_a_workspace_before_the_bundled_ones(author):
    reader = """
class R(Reader):
    name = "{0}"
    def read(self, raw): return Document("")
@hookimpl
def register_readers(): return [R]
"""
    for name in ("first", "second", "third"):
        author(name, reader.format(name) + PROVIDER.replace('"acme"', f'"{name}"'))
    entries = [entry("first", origin=BUNDLED), entry("second", 0), entry("third", 1)]
    plugins, problems = open_plugins(entries)
    assert not problems
    assert [one.name for one in plugins.providers] == ["first", "second", "third"]
    assert [one.name for one in plugins.readers] == ["second", "third", "first"]


def test_stages_are_ordered_by_after_and_a_strangers_goes_between(author):
    author("house", STAGES.format(stages="stage('c', 'b'), stage('a'), stage('b', 'a'), stage('d', 'c')"))
    author("guest", STAGES.format(stages="stage('late', 'd'), stage('between', 'b')"))
    plugins, problems = open_plugins([entry("house", origin=BUNDLED), entry("guest")])
    assert not problems
    assert [one.name for one in plugins.stages] == ["a", "b", "between", "c", "d", "late"]


def test_a_stage_after_an_unknown_one_and_stages_in_a_circle_are_told(author):
    author("lost", STAGES.format(stages="stage('intake'), stage('mine', 'intak')"))
    assert problems_of(entry("lost")) == [
        ("plugin[0]", "stage mine comes after intak, which no plugin adds; did you mean intake?")
    ]
    author("circle", STAGES.format(stages="stage('a', 'b'), stage('b', 'c'), stage('c', 'a'), stage('free')"))
    assert problems_of(entry("circle")) == [("plugin[0]", "stages wait for each other: a, b, c")]


def test_a_misspelt_stage_is_told_beside_other_problems_and_a_merely_missing_one_is_not(author):
    author("lost", STAGES.format(stages="stage('intake'), stage('mine', 'intak', 'lexicon')"))
    found = problems_of(entry("lost"), entry("no_such_module_here", 1))
    assert [path for path, _ in found] == ["plugin[0]", "plugin[1].module"]
    assert "intak, which no plugin adds" in found[0][1]


def test_two_that_add_one_name_are_both_named(author):
    author("acme", PROVIDER)
    author("other", PROVIDER)
    both = "provider acme is added by acme (bundled) and by other (plugins.toml); name one of them with `as`"
    assert problems_of(entry("acme", origin=BUNDLED), entry("other", 3)) == [("plugin[3]", both)]


def test_settings_are_strict_and_all_problems_are_told_at_once(author):
    author("counting", TASK)
    author("acme", PROVIDER)
    found = problems_of(
        entry("counting", negative_shar=1, shar=1, share=2, tries=True),
        entry("acme", 1, api_key="whatever", base_url=3),
        entry("enliterator_opnai", 2),
    )
    assert found == [
        ("plugin[0].settings.negative_shar", "unknown setting"),
        ("plugin[0].settings.shar", "unknown setting; did you mean share?"),
        ("plugin[0].settings.share", "2 is more than 1"),
        ("plugin[0].settings.tries", "true is a boolean, not an integer"),
        ("plugin[1].settings.api_key", "comes from the environment only: set ACME_API_KEY there"),
        ("plugin[1].settings.base_url", "3 is an integer, not a string"),
        ("plugin[2].module", "enliterator_opnai is not installed; did you mean enliterator_openai?"),
    ]


def test_a_secret_among_the_settings_is_refused_and_not_repeated(author):
    author("acme", PROVIDER)
    secret = "https://user:" + "s3cr3t-Passw0rd" + "@acme.example/v1"
    ((path, message),) = problems_of(entry("acme", base_url=secret))
    assert path == "plugin[0].settings.base_url"
    assert "s3cr3t" not in message


@pytest.mark.parametrize(("source", "message"), [
    ("import nothing_like_it", "wrong cannot be imported: ModuleNotFoundError: No module named 'nothing_like_it'"),
    ("raise ValueError('no\\nmore')", "wrong cannot be imported: ValueError: no"),
    ("import sys; sys.exit('bye')", "wrong cannot be imported: SystemExit: bye"),
    ("def broken(:", "wrong cannot be imported: SyntaxError: invalid syntax"),
])  # fmt: skip
def test_a_module_that_cannot_be_imported_is_told_in_one_line(author, source, message):
    author("wrong", source)
    ((path, told),) = problems_of(entry("wrong"))
    assert path == "plugin[0].module"
    assert told.startswith(message)
    assert "\n" not in told


@pytest.mark.parametrize(("source", "message"), [
    ("x = 1", "wrong adds nothing"),
    ("@hookimpl\ndef register_task_type(): return []", "task_type is no hook; did you mean register_task_types?"),
    ("def register_stages(): return []", "register_stages is not marked with @hookimpl"),
    ("@hookimpl\ndef register_stages(context): return []", "register_stages takes no arguments, not (context)"),
    ("@hookimpl\ndef register_stages(): return None", "register_stages returned NoneType, not a list"),
    ("@hookimpl\ndef register_stages(): raise OSError('gone')", "register_stages raised OSError: gone"),
    ("@hookimpl\ndef register_stages(): return [3]", "register_stages returned 3, not a class of Stage"),
    ("@hookimpl\ndef register_stages(): return [Provider]", "not a class of Stage"),
    ("@hookimpl\ndef register_commands(): return [Stage]", "not a Command"),
    ("class S(Stage): name = 's'\n@hookimpl\ndef register_stages(): return [S]", "S does not define run"),
    ("class P(Provider): pass\n@hookimpl\ndef register_providers(): return [P]", "P has no name: write `name = ...`"),
    ("class P(Provider): name = 'a:b'\n@hookimpl\ndef register_providers(): return [P]", "P.name is 'a:b', not a"),
    ("@frozen\nclass P(Provider):\n    name: str = 'x'\n@hookimpl\ndef register_providers(): return [P]",
     "P.name is a field, not a plain name"),
    ("class S(Storage): name = 's'\n@hookimpl\ndef register_storages(): return [S]", "S has no schemes"),
])  # fmt: skip
def test_a_hook_that_is_wrong_is_told(author, source, message):
    author("wrong", source)
    ((path, told),) = problems_of(entry("wrong"))
    assert path == "plugin[0]"
    assert message in told


def test_a_hook_may_have_another_name_when_it_says_which_it_is(author):
    marked = '@hookimpl(specname="register_providers")\ndef mine'
    author("acme", PROVIDER.replace("@hookimpl\ndef register_providers", marked))
    plugins, problems = open_plugins([entry("acme")])
    assert not problems
    assert [one.name for one in plugins.providers] == ["acme"]


def test_each_workspace_makes_its_own_instances(author):
    author("acme", PROVIDER)
    one, two = (open_plugins([entry("acme")])[0].providers[0] for _ in range(2))
    assert one == two
    assert one is not two


class TestDistributions:
    """Entry points and versions, with installed distributions made of files on the path."""

    @pytest.fixture
    def install(self, tmp_path, author):
        def install(name, version, module, *, requires=()):
            folder = tmp_path / f"{name}-{version}.dist-info"
            folder.mkdir()
            needs = "".join(f"Requires-Dist: {one}\n" for one in requires)
            (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}")
            (folder / "entry_points.txt").write_text(f"[enliterator.plugins]\n{name} = {module}\n")
            (folder / "RECORD").write_text(f"{module}.py,,\n")

        return install

    def point(self, name, requires=None):
        return Entry("plugin[0]", "plugins.toml", entry_point=name, requires=requires)

    def test_an_entry_point_of_an_installed_distribution_is_a_plugin(self, author, install):
        author("acme_module", PROVIDER)
        install("acme", "1.2", "acme_module", requires=["enliterator>=0.1", "click", "old (>dev)"])
        plugins, problems = open_plugins([self.point("acme", ">=1,<2")])
        assert not problems
        (told,) = listing(plugins)
        assert (told.name, told.module, told.version) == ("acme", "acme_module", "1.2")
        assert plugins.providers[0].name == "acme"

    def test_a_missing_entry_point_is_told_with_what_was_meant(self, author, install):
        author("acme_module", PROVIDER)
        install("acme", "1.2", "acme_module")
        assert problems_of(self.point("acne")) == [
            ("plugin[0].entry_point", "no installed distribution has an entry point acne; did you mean acme?")
        ]

    def test_versions_that_do_not_fit_are_told_both_ways(self, author, install):
        author("acme_module", PROVIDER)
        install("acme", "1.2", "acme_module", requires=["enliterator>=7,<8"])
        found = problems_of(self.point("acme", ">=0.1,<0.2"))
        assert [path for path, _ in found] == ["plugin[0].requires", "plugin[0]"]
        assert found[0][1] == "acme 1.2 is installed, >=0.1,<0.2 is required"
        assert found[1][1].startswith("acme 1.2 needs enliterator <8,>=7, this is ")

    def test_a_module_is_known_by_the_distribution_it_came_in(self, author, install):
        author("acme_module", PROVIDER)
        install("acme", "1.2", "acme_module", requires=["enliterator>=7"])
        assert [path for path, _ in problems_of(entry("acme_module"))] == ["plugin[0]"]

    @pytest.mark.parametrize(("requires", "message"), [
        (">=1", "cannot be checked: the module is in no installed distribution"),
        ("one", '"one" is no version range'),
    ])  # fmt: skip
    def test_a_range_that_cannot_be_checked_is_told(self, author, requires, message):
        author("alone", PROVIDER)
        ((path, told),) = problems_of(Entry("plugin[0]", "plugins.toml", module="alone", requires=requires))
        assert path == "plugin[0].requires"
        assert told.startswith(message)
