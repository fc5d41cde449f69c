# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""The English that the rules know: stop words, words that open an instruction, headings that name nothing."""

from typing import Final


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(text: str) -> frozenset[str]:
    return frozenset(phrase.strip() for phrase in text.split(","))


STOP: Final = _words(
    """a about above across after again against all almost along already also although always am among an and another
    any anyone anything are around as at away back be became because become becomes been before behind being below
    between beyond both but by came can cannot come comes could did do does doing done down during each either
    else enough even ever every everyone everything few first for from full further gave get gets give given gives
    go goes going gone got had has have having he hence her here hers herself him himself his how however i if in
    indeed instead into is it its itself just keep keeps kept know known knows last later least less let lets like
    likely long made make makes making many may me mean means meant might mine more most much must my myself need
    needed needs neither never new next no nobody none nor not nothing now of off often old on once one only onto
    or other others otherwise ought our ours ourselves out over own per perhaps put quite rather really said same
    saw say says second see seem seems seen several shall she should show shown shows since so some something
    sometimes soon still such take taken takes than that the their theirs them themselves then there therefore
    these they thing things this those though three through thus till to together too took toward two under until
    up upon us use used uses using usually very via want wants was way ways we well went were what whatever when
    where whether which while who whole whom whose why will with within without won't would yes yet you your yours
    yourself e.g i.e etc don't doesn't isn't it's can't"""
)

# Verbs that open an instruction whatever comes next.
IMPERATIVE: Final = _words(
    """add adjust allow apply ask assign avoid begin bring cancel choose clean clear close collect combine compare
    compile compute configure connect convert create customize debug decide declare define delete deploy describe
    determine disable distribute download enable ensure evaluate examine execute expand explain expose extend
    extract fetch find follow generate get give handle identify implement improve include initialize insert
    inspect install integrate invoke keep launch learn let look make manage migrate modify obtain open parse pick
    prepare prevent protect provide publish put raise recover reduce refuse register remove rename repeat replace
    reproduce resolve restart restore restrict retrieve revert rewrite set simplify specify submit take tell try
    tune understand uninstall unpack update upgrade upload use validate verify visit"""
)

# Verbs that are as often nouns: they open an instruction only before a word such as `the` or `with`.
AMBIGUOUS: Final = _words(
    """access address answer approach back benchmark book branch break build cache call care catch change check clone
    commit copy cost count cover cut cycle debug design display document draft drop dump edit export feed file
    filter fix flow format group guard guide handle help hold import index issue join label link list load lock
    log map mark mask match merge model monitor move name note order override own package paste patch pin plan
    plot position print process profile pull push query quote rank read record refresh release report request
    reset return review roll route run sample save scale scan schedule score search select send serve set share
    sort source split stage start state step stop store stream structure style support switch tag target task test
    trace track train transfer trust turn type undo view wait walk watch work wrap write"""
)

# Nouns that make a noun of the verb before them: `Update policy`, `Install scripts`.
NOUNS: Final = _words(
    """access balancing count counts date detection directives distance error errors event events function functions
    guide guides history hooks instructions layer layout limit limits list lists log logs message messages method
    methods mode modes name names notes operations option options order page pages path paths phase plan point
    points policy policies process rate request requests result results rule rules scheme script scripts section
    semantics sequence size stage state statement statements step steps strategies strategy system systems table
    tables time times type types utilities words"""
)

LINKING: Final = _words(
    """a an the this that these those your our its his her their it them all any each every both some more one two
    with without from to into in on for of at by as and against after before through up out over under via"""
)

# Headings that say nothing outside their document: qualified by what they stand under.
GENERIC: Final = _phrases(
    """about, advanced, advanced usage, api, api reference, approach, architecture, background, basic usage, basics,
    benchmarks, build, building, caveats, changes, cli, code, code of conduct, codebase, command line, commands,
    community, compatibility, concepts, conclusion, conclusions, configuration, context, contributing, credits,
    data, decision, decisions, definition, definitions, dependencies, deployment, description, design, details,
    development, discussion, documentation, done when, environment, errors, example, examples, exceptions, faq,
    features, files, format, frequently asked questions, further notes, future work, getting started, goal, goals,
    help, hints, history, how it works, how to use, how to use it, implementation, important, information, input,
    inputs, install, installation, installing, intro, introduction, issues, limitations, limits, main,
    maintainers, metadata, methods, methodology, misc, miscellaneous, more, motivation, name, note, notes,
    objective, options, other, output, outputs, overview, performance, philosophy, prerequisites, principles,
    problem, problems, procedure, process, project, purpose, questions, quick start, quickstart, rationale,
    readme, recommendations, release, releases, report, requirements, result, results, roadmap, rules, running,
    scope, section, security, setup, solution, solutions, specification, status, step, steps, structure, style,
    summary, support, syntax, synopsis, template, test, testing, tests, the basics, the problem, the solution,
    tips, tools, topics, troubleshooting, tutorial, tutorials, types, usage, use, use cases, using, using it,
    values, version, versions, warning, what, what is it, what is this, what it is, what it does, what it must
    deliver, why, workflow"""
)

# Headings under which a document says what it is about itself: its own words, no thing beside it.
INTRODUCTORY: Final = _phrases(
    """about, abstract, description, intro, introduction, overview, purpose, summary, what is it, what is this,
    what it is"""
)

# Headings under which nothing is described: never a thing of their own.
EMPTY: Final = _phrases(
    """acknowledgements, acknowledgments, added, appendix, args, arguments, attributes, authors, bibliography,
    breaking changes, bug fixes, bugfixes, changed, changelog, contact, contents, contributors, copyright,
    deprecated, deprecations, enhancements, external links, fixed bugs, fixed, fixes, footnotes, further reading,
    improvements, in this section, index, internal, keyword arguments, learn more, licence, license, licensing,
    links, new features, next, next steps, optional, parameters, raises, read more, reference, references,
    related, removed, required, resources, returns, see also, sources, table of contents, thanks, toc, unreleased,
    what's changed, what's new, what next, whats new, yields"""
)

# Bold words before a colon that label a remark or a field, and define nothing.
LABELS: Final = _phrases(
    """a, added, address, and, answer, arguments, author, authors, bad, bonus, bug, bug fix, but, cause, caution,
    changed, cons, contact, context, correct, danger, date, default, defaults, deprecated, description,
    difficulty, edit, effect, email, estimate, example, examples, file, fix, fixed, focus, for example, format,
    free, from, goal, good, hint, however, id, impact, important, incorrect, info, input, install, issue, key
    point, language, last updated, level, license, link, location, maintainer, name, new, no, note, notes, now,
    optional, or, output, owner, parameters, path, pros, problem, purpose, question, rationale, reason,
    recommended, remember, removed, required, requirements, result, returns, role, see, see also, severity,
    solution, source, status, step, summary, symptom, tags, time, tip, tips, title, to, type, update, updated,
    url, usage, version, warning, website, when, where, who, why, workaround, wrong, yes"""
)

# Words that open a clause: what begins so is said of something, and names nothing.
CLAUSES: Final = _words("although as because before if once since unless until when whenever where while")

PRONOUNS: Final = _words(
    """it this that these those he she they we you i there here such both either neither one some many most all each
    which who what"""
)
