# SPDX-FileCopyrightText: 2026 The Enliterator authors
# SPDX-License-Identifier: Apache-2.0
"""Graphs whose shape others published: the movie graph and the shop graph (Northwind) of Neo4j's guides, and a SKOS
thesaurus. The contents are made up, the same for a seed, in any size.

Models: https://neo4j.com/docs/getting-started/appendix/example-data/, https://github.com/neo4j-graph-examples/movies,
https://github.com/neo4j-graph-examples/northwind, https://www.w3.org/TR/skos-primer/.
"""

import csv
import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from attrs import define, field


@define
class Made:
    """Nodes (labels, properties) and relationships (start, type, end, properties), numbered from 0."""

    nodes: list[tuple[tuple[str, ...], dict[str, Any]]] = field(factory=list)
    edges: list[tuple[int, str, int, dict[str, Any]]] = field(factory=list)

    def node(self, label: str, **properties: Any) -> int:
        """Add a node and return its number; what is None is not there."""
        self.nodes.append(((label,), {key: value for key, value in properties.items() if value is not None}))
        return len(self.nodes) - 1

    def edge(self, start: int, type: str, end: int, **properties: Any) -> None:
        """Add a relationship."""
        self.edges.append((start, type, end, properties))


_FIRST = [
    "Ada",
    "Bela",
    "Carla",
    "Dmitri",
    "Elena",
    "Farid",
    "Grete",
    "Hugo",
    "Ines",
    "Jonas",
    "Kira",
    "Liam",
    "Mona",
    "Nils",
    "Olga",
    "Pavel",
    "Quinn",
    "Rosa",
    "Samir",
    "Tove",
    "Ugo",
    "Vera",
    "Wim",
    "Xenia",
    "Yara",
    "Zoran",
]
_LAST = [
    "Abbott",
    "Bergman",
    "Castellan",
    "Dorsey",
    "Eklund",
    "Ferrante",
    "Grieg",
    "Hollander",
    "Ibsen",
    "Jansson",
    "Kowalski",
    "Lindqvist",
    "Marchetti",
    "Novak",
    "Okafor",
    "Petrov",
    "Quist",
    "Rasmussen",
    "Sato",
    "Tremblay",
    "Ulrich",
    "Varga",
    "Winther",
    "Yamada",
    "Zeller",
]
_ADJECTIVES = [
    "Silent",
    "Last",
    "Northern",
    "Broken",
    "Golden",
    "Distant",
    "Crooked",
    "Second",
    "Hidden",
    "Burning",
    "Paper",
    "Winter",
]
_NOUNS = [
    "River",
    "Lighthouse",
    "Orchard",
    "Engine",
    "Summer",
    "Harbour",
    "Letter",
    "Garden",
    "Mirror",
    "Station",
    "Promise",
    "Island",
]
_TAGLINES = (
    "Some doors only open once.",
    "Everybody wants to go home.",
    "The truth was there all along.",
    "One night, three stories, no alibi.",
    "What the tide takes, it keeps.",
    "Love is the longest road.",
)
_SUMMARIES = (
    "An amazing journey",
    "Silly, but fun",
    "The coolest football movie ever",
    "Slapstick redeemed only by its last ten minutes",
    "Dark, but compelling",
    "A solid romp",
)


def _person(dice: Random) -> str:
    return f"{dice.choice(_FIRST)} {dice.choice(_LAST)}"


def movies(count: int, seed: int = 1) -> Made:
    """A movie graph: Person (name, born) ACTED_IN (roles), DIRECTED, PRODUCED, WROTE, REVIEWED (summary, rating) Movie
    (title, released, tagline), and persons who FOLLOWS each other."""
    dice, made = Random(seed), Made()
    people = [
        made.node("Person", name=_person(dice), born=dice.randint(1925, 1998) if dice.random() < 0.95 else None)
        for _ in range(count * 3)
    ]
    critics = [made.node("Person", name=_person(dice)) for _ in range(max(count // 12, 3))]
    for _ in range(count):
        title = f"{dice.choice(('The ', '', 'A '))}{dice.choice(_ADJECTIVES)} {dice.choice(_NOUNS)}"
        tagline = dice.choice(_TAGLINES) if dice.random() < 0.9 else None
        movie = made.node("Movie", title=title, released=dice.randint(1975, 2012), tagline=tagline)
        cast = dice.sample(people, dice.randint(3, 6))
        for person in cast:
            roles = [dice.choice(_FIRST) for _ in range(1 if dice.random() < 0.9 else 2)]
            made.edge(person, "ACTED_IN", movie, roles=roles)
        made.edge(dice.choice(people), "DIRECTED", movie)
        made.edge(cast[0], "PRODUCED", movie)
        if dice.random() < 0.5:
            made.edge(dice.choice(people), "WROTE", movie)
        if dice.random() < 0.3:
            made.edge(
                dice.choice(critics), "REVIEWED", movie, summary=dice.choice(_SUMMARIES), rating=dice.randint(30, 100)
            )
    for one, other in itertools.pairwise(critics):
        made.edge(one, "FOLLOWS", other)
    return made


_FOODS = [
    "Chai",
    "Cider",
    "Olives",
    "Rye",
    "Honey",
    "Cheese",
    "Noodles",
    "Chutney",
    "Sardines",
    "Plums",
    "Barley",
    "Syrup",
    "Pickles",
    "Waffles",
    "Tofu",
]
_CATEGORIES = (
    ("Beverages", "Soft drinks, coffees, teas, beers, and ales"),
    ("Condiments", "Sweet and savory sauces, relishes, spreads, and seasonings"),
    ("Produce", "Dried fruit and bean curd"),
    ("Seafood", "Seaweed and fish"),
    ("Grains/Cereals", "Breads, crackers, pasta, and cereal"),
)
_CITIES = (("Bergen", "Norway"), ("Lyon", "France"), ("Graz", "Austria"), ("Porto", "Portugal"), ("Cork", "Ireland"))
_TITLES = ("Owner", "Sales Agent", "Order Administrator", "Marketing Manager", "Accounting Manager")
_TONGUES = ("German", "Italian", "French")
_COMPANIES = ("Trading", "Delicatessen", "Foods", "Imports", "Markt", "Pastries")


def _firm(dice: Random, suffix: str) -> dict[str, Any]:
    city, country = dice.choice(_CITIES)
    return {
        "companyName": f"{dice.choice(_LAST)} {dice.choice(_COMPANIES)}{suffix}",
        "contactName": _person(dice),
        "contactTitle": dice.choice(_TITLES),
        "address": f"{dice.randint(1, 99)} {dice.choice(_NOUNS)} Street",
        "city": city,
        "region": "NULL",
        "postalCode": f"{dice.randint(1000, 9999)}",
        "country": country,
        "phone": f"(0{dice.randint(10, 99)}) 555-{dice.randint(1000, 9999)}",
    }


def shop(orders: int, seed: int = 1) -> Made:
    """A shop graph after Northwind: Product PART_OF Category, Supplier SUPPLIES Product, Customer PURCHASED Order,
    Order ORDERS (quantity, unitPrice, discount) Product, Employee SOLD Order, Employee REPORTS_TO Employee."""
    dice, made = Random(seed), Made()
    categories = [
        made.node("Category", categoryID=f"{at}", categoryName=name, description=said)
        for at, (name, said) in enumerate(_CATEGORIES, 1)
    ]
    suppliers = [
        made.node("Supplier", supplierID=f"{at}", homePage="NULL", **_firm(dice, ", Ltd."))
        for at in range(1, max(orders // 20, 4))
    ]
    products = []
    for at in range(1, max(orders // 8, 12)):
        product = made.node(
            "Product",
            productID=f"{at}",
            productName=f"{dice.choice(_LAST)}'s {dice.choice(_ADJECTIVES)} {dice.choice(_FOODS)}",
            quantityPerUnit=f"{dice.randint(6, 48)} - {dice.choice((100, 250, 500))} g pkgs.",
            unitPrice=round(dice.uniform(2, 80), 2),
            unitsInStock=dice.randint(0, 120),
            unitsOnOrder=dice.choice((0, 0, 10, 40)),
            reorderLevel=dice.choice((0, 10, 25)),
            discontinued=dice.random() < 0.1,
        )
        products.append(product)
        made.edge(product, "PART_OF", dice.choice(categories))
        made.edge(dice.choice(suppliers), "SUPPLIES", product)
    employees = []
    for at in range(1, 10):
        first, last = _FIRST[at], _LAST[at * 2]
        employees.append(
            made.node(
                "Employee",
                employeeID=f"{at}",
                firstName=first,
                lastName=last,
                title="Sales Representative" if at > 2 else "Sales Manager",
                birthDate=f"19{dice.randint(40, 70)}-0{dice.randint(1, 9)}-12 00:00:00.000",
                hireDate=f"199{dice.randint(2, 4)}-0{dice.randint(1, 9)}-15 00:00:00.000",
                notes=f"{first} joined the company as a sales representative and reads {dice.choice(_TONGUES)}.",
            )
        )
        if at > 1:
            made.edge(employees[-1], "REPORTS_TO", employees[(at - 2) // 4])
    customers = [
        made.node("Customer", customerID=f"{_LAST[at % 25][:3].upper()}{at:02}", **_firm(dice, ""))
        for at in range(max(orders // 9, 5))
    ]
    for at in range(orders):
        day = f"199{6 + at * 2 // orders}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02} 00:00:00.000"
        customer = dice.choice(customers)
        firm = made.nodes[customer][1]
        order = made.node(
            "Order",
            orderID=f"{10248 + at}",
            customerID=firm["customerID"],
            orderDate=day,
            freight=f"{dice.uniform(1, 90):.2f}",
            shipName=firm["companyName"],
            shipCity=firm["city"],
            shipCountry=firm["country"],
        )
        made.edge(customer, "PURCHASED", order)
        made.edge(dice.choice(employees), "SOLD", order)
        for product in dice.sample(products, dice.randint(1, 4)):
            price = made.nodes[product][1]["unitPrice"]
            made.edge(
                order,
                "ORDERS",
                product,
                quantity=dice.randint(1, 60),
                unitPrice=price,
                discount=dice.choice((0.0, 0.05)),
            )
    return made


def load(url: str, login: tuple[str, str], made: Made) -> None:
    """Write a graph into an empty database of a server."""
    import neo4j

    with neo4j.GraphDatabase.driver(url, auth=login) as driver, driver.session() as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()
        session.run("CREATE INDEX made_at IF NOT EXISTS FOR (n:Made) ON (n.made_at)").consume()
        session.run("CALL db.awaitIndexes(60)").consume()
        for rows in _batches(list(enumerate(made.nodes))):
            row = [{"at": at, "labels": ["Made", *labels], "p": said} for at, (labels, said) in rows]
            query = "UNWIND $rows AS row CREATE (n:$(row.labels)) SET n = row.p, n.made_at = row.at"
            session.run(query, rows=row).consume()
        for rows in _batches(made.edges):
            row = [{"a": a, "t": type, "b": b, "p": said} for a, type, b, said in rows]
            query = (
                "UNWIND $rows AS row MATCH (a:Made {made_at: row.a}) MATCH (b:Made {made_at: row.b})"
                " CREATE (a)-[r:$(row.t)]->(b) SET r = row.p"
            )
            session.run(query, rows=row).consume()
        session.run("DROP INDEX made_at").consume()
        query = "MATCH (n:Made) CALL (n) { REMOVE n:Made, n.made_at } IN TRANSACTIONS OF 10000 ROWS"
        session.run(query).consume()


def _batches(rows: list[Any]) -> Iterator[list[Any]]:
    return (rows[at : at + 10_000] for at in range(0, len(rows), 10_000))


_KINDS = {bool: "boolean", int: "long", float: "double"}


def write_graphml(made: Made, path: Path) -> Path:
    """Write a graph as `apoc.export.graphml.all` does with `useTypes`, which writes lists as JSON."""
    keys: dict[tuple[str, str], str] = {}
    things = [("node", said) for _, said in made.nodes] + [("edge", said) for *_, said in made.edges]
    for of, said in things:
        for name, value in said.items():
            keys.setdefault((of, name), _KINDS.get(type(value), "string"))
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        file.write('<key id="labels" for="node" attr.name="labels" attr.type="string"/>\n')
        file.write('<key id="label" for="edge" attr.name="label" attr.type="string"/>\n')
        for (of, name), kind in sorted(keys.items()):
            file.write(f'<key id={quoteattr(name)} for="{of}" attr.name={quoteattr(name)} attr.type="{kind}"/>\n')
        file.write('<graph id="G" edgedefault="directed">\n')
        for at, (labels, said) in enumerate(made.nodes):
            named = "".join(f":{one}" for one in labels)
            file.write(f'<node id="n{at}" labels={quoteattr(named)}><data key="labels">{escape(named)}</data>')
            file.write(f"{_data(said)}</node>\n")
        for at, (start, called, end, said) in enumerate(made.edges):
            file.write(f'<edge id="e{at}" source="n{start}" target="n{end}" label={quoteattr(called)}>')
            file.write(f'<data key="label">{escape(called)}</data>{_data(said)}</edge>\n')
        file.write("</graph>\n</graphml>\n")
    return path


def _data(said: dict[str, Any]) -> str:
    return "".join(f"<data key={quoteattr(name)}>{escape(_word(value))}</data>" for name, value in said.items())


def _word(value: Any) -> str:
    if isinstance(value, bool | list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def write_csv(made: Made, path: Path) -> Path:
    """Write a graph as `apoc.export.csv.all` does."""
    of_nodes = sorted({name for _, said in made.nodes for name in said})
    of_edges = sorted({name for *_, said in made.edges for name in said} - set(of_nodes))
    names = [*of_nodes, *of_edges]
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        rows.writerow(["_id", "_labels", *of_nodes, "_start", "_end", "_type", *of_edges])
        for at, (labels, said) in enumerate(made.nodes):
            values = [_word(said[name]) if name in said else "" for name in names]
            rows.writerow(
                [at, "".join(f":{one}" for one in labels), *values[: len(of_nodes)], "", "", "", *[""] * len(of_edges)]
            )
        for start, type, end, said in made.edges:
            values = [_word(said[name]) if name in said else "" for name in names]
            rows.writerow(["", "", *values[: len(of_nodes)], start, end, type, *values[len(of_nodes) :]])
    return path


_CRAFTS = (
    ("pottery", "Töpferei", "poterie", "Making vessels from clay and firing them."),
    ("weaving", "Weberei", "tissage", "Making cloth by crossing two sets of threads."),
    ("joinery", "Tischlerei", "menuiserie", "Making things of wood by joining its pieces."),
    ("bookbinding", "Buchbinderei", "reliure", "Fastening sheets together inside a cover."),
    ("glassblowing", "Glasblasen", "soufflage du verre", "Shaping molten glass with the breath."),
)
_PARTS = (
    ("tool", "Werkzeug", "outil", "what is held in the hand while working"),
    ("technique", "Technik", "technique", "a way of working that is learnt by doing"),
    ("material", "Material", "matériau", "what is worked upon"),
    ("defect", "Fehler", "défaut", "what goes wrong and how it looks"),
)


def thesaurus(count: int, seed: int = 1) -> str:
    """A SKOS thesaurus in Turtle: concepts in three languages, alternative and hidden labels, notes, broader and
    related concepts, a collection, a scheme with its licence, and blank nodes."""
    dice = Random(seed)
    lines = [
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
        "@prefix dcterms: <http://purl.org/dc/terms/> .",
        "@prefix foaf: <http://xmlns.com/foaf/0.1/> .",
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .",
        "@prefix c: <https://crafts.example/concept/> .",
        "",
        "<https://crafts.example/scheme> a skos:ConceptScheme ;",
        '    dcterms:title "Thesaurus of crafts"@en , "Thesaurus des Handwerks"@de ;',
        '    dcterms:created "2019-05-02"^^xsd:date ;',
        '    dcterms:creator [ a foaf:Organization ; foaf:name "The Guild Library" ] ;',
        "    dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;",
        f"    skos:hasTopConcept {' , '.join(f'c:{names[0]}' for names in _CRAFTS)} .",
    ]
    members = []
    for english, german, french, said in _CRAFTS:
        lines += [
            "",
            f"c:{english} a skos:Concept ; skos:topConceptOf <https://crafts.example/scheme> ;",
            f'    skos:prefLabel "{english}"@en , "{german}"@de , "{french}"@fr ;',
            f'    skos:altLabel "{english} craft"@en , "{german}handwerk"@de ; skos:hiddenLabel "{english[:-1]}"@en ;',
            f'    skos:definition "{said}"@en .',
        ]
    for at in range(count):
        craft, (english, german, french, said) = dice.choice(_CRAFTS), _PARTS[at % 4]
        word = f"{dice.choice(_ADJECTIVES).lower()} {dice.choice(_NOUNS).lower()}"
        about = f"c:{at:05}"
        lines += [
            "",
            f"{about} a skos:Concept ; skos:inScheme <https://crafts.example/scheme> ; skos:broader c:{craft[0]} ;",
            f'    skos:prefLabel "{word} {english}"@en , "{german} {word}"@de , "{french} {word}"@fr ;',
            f'    skos:notation "{at:05}" ;',
        ]
        if dice.random() < 0.6:
            lines.append(f'    skos:altLabel "{word} {english} no. {at}"@en , "{german}-{at}"@de ;')
        if dice.random() < 0.3:
            lines.append(f'    skos:hiddenLabel "{word.replace(" ", "")}{english}{at}" ;')
        if dice.random() < 0.8:
            lines.append(f'    skos:definition "In {craft[0]}, {said} and is named after the {word}."@en ;')
        if dice.random() < 0.4:
            lines.append(
                f'    skos:scopeNote "Use for the {english} of workshops after {dice.randint(1700, 1950)}."@en ;'
            )
        if dice.random() < 0.2:
            lines.append('    skos:editorialNote "Check with the printed edition."@en ;')
        if at and dice.random() < 0.5:
            lines.append(f"    skos:related c:{dice.randrange(at):05} ;")
        if dice.random() < 0.2:
            lines.append('    dcterms:source [ dcterms:bibliographicCitation "Guild records" ] ;')
        lines[-1] = f"{lines[-1][:-1]}."
        if at % 7 == 0:
            members.append(about)
    if members:
        lines += ["", '<https://crafts.example/basics> a skos:Collection ; skos:prefLabel "Basics"@en ;']
        lines.append(f"    skos:member {' , '.join(members)} .")
    return "\n".join(lines) + "\n"


def write_rdf(turtle: str, folder: Path, name: str = "thesaurus") -> dict[str, Path]:
    """Write the same triples in four formats, by suffix."""
    import pyoxigraph as ox

    formats = {
        "ttl": ox.RdfFormat.TURTLE,
        "nt": ox.RdfFormat.N_TRIPLES,
        "rdf": ox.RdfFormat.RDF_XML,
        "jsonld": ox.RdfFormat.JSON_LD,
    }
    triples = [quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)]
    written = {}
    for suffix, format in formats.items():
        path = folder / suffix / f"{name}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        ox.serialize(triples, output=str(path), format=format)
        written[suffix] = path
    return written
