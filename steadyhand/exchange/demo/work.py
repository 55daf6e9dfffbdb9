"""Four months of links, content, advice and scores for two of the demo's clients, against their plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from steadyhand.delivery.models import Recommendation
from steadyhand.delivery.work import entering, planning
from steadyhand.delivery.work.tables import ADVICE, CONTENT, LINKS, SCORES
from steadyhand.delivery.work.taking_in import take_in
from steadyhand.exchange.demo.world import A_DAY, World, chance, lead_of

MONTHS = 4
TOOL = "Lantern site audit"
PARTS = ("crawlability", "speed", "content", "links")
TYPES = ("guest post", "niche edit", "resource page")

Lines = list[tuple[int, Mapping[str, str]]]


@dataclass(frozen=True, slots=True)
class Story:
    """A client's work: what is planned a month, who links, what is written, what is to be mended."""

    name: str
    site: str
    links: int
    articles: int
    score: int
    sites: tuple[str, ...]
    anchors: tuple[str, ...]
    titles: tuple[str, ...]
    advice: tuple[tuple[str, str, str, str], ...]
    declined: str
    why: str


STORIES = (
    Story(
        "Castellan Hotels",
        "https://castellanhotels.example",
        5,
        2,
        58,
        (
            *("slowtravelletter.example", "coastpathguide.example", "thesundaypacker.example"),
            *("weekendbyrail.example", "familyatlas.example", "britishbreaks.example", "wanderkind.example"),
        ),
        ("hotels on the coast", "Castellan Hotels", "a weekend by the sea", "dog-friendly rooms"),
        (
            *(
                "A weekend without a car",
                "What is in season at our table",
                "Three generations, one house",
            ),
            *("Winter rooms with a fireplace", "The coast path in five stages", "Christmas at the harbour"),
            *("Why we keep bees", "A guide to the quiet months"),
        ),
        (
            (
                "/rooms",
                "No description in search results",
                "Write two sentences for each room",
                "done",
            ),
            ("/offers", "Loads in six seconds on a phone", "Serve the pictures at the size they show", ""),
            ("/de/zimmer", "English title on a German page", "Translate title and description", "done"),
            ("/restaurant", "The menu is a PDF nobody finds", "Put the menu on the page as text", ""),
            ("/blog/2019", "Forty pages that say the same", "Join them into one, and send the old on", ""),
            ("/", "A pop-up covers the booking form on phones", "Show it after the first click only", ""),
        ),
        "/",
        "The owner wants the pop-up until New Year.",
    ),
    Story(
        "Verity Skincare",
        "https://verityskincare.example",
        4,
        3,
        71,
        (
            *(
                "calmskin.example",
                "pharmacists.example",
                "eczemastories.example",
                "greenshelf.example",
            ),
            *("morningritual.example", "ingredientwatch.example"),
        ),
        ("care for sensitive skin", "Verity Skincare", "fragrance-free cream"),
        (
            *("What a ceramide does", "Reading a label in one minute", "Winter skin, week by week"),
            *("Retinol, slowly", "Why fragrance-free is not unscented", "A routine of three things"),
            *("What dermatologists ask first", "The patch test", "Sun cream in November"),
            *("Babies, hands and washing up", "Our factory in ten pictures", "Skin after fifty"),
        ),
        (
            (
                "/collections/all",
                "Filters make 3,000 pages that search reads",
                "Shut all but six out",
                "done",
            ),
            (
                "/products/cream",
                "Reviews are drawn by a script",
                "Put the latest ten into the page",
                "",
            ),
            ("/pages/faq", "Forty questions on one page", "Give each of the ten most asked its own", ""),
            ("/cart", "The page jumps while it loads", "Reserve the height of the banner", "done"),
        ),
        "/pages/faq",
        "We like it on one page; ask again in spring.",
    ),
)


def tell(world: World) -> None:
    """Plan it: the history came with the first of this month, the days since then this morning."""
    first = world.today.replace(day=1)
    for story in STORIES:
        lines = _Lines(world, story)
        at = world.moment(first, "09:20")
        world.plan(at, partial(_bring_in, world, story, lines, first - A_DAY))
        world.plan(world.now - dt.timedelta(hours=3), partial(_bring_in, world, story, lines, world.today))
        world.plan(world.now - dt.timedelta(hours=1), partial(_answer, world, story))


class _Lines:
    """All lines of a story, by table; what is to come stands as in progress."""

    def __init__(self, world: World, story: Story) -> None:
        self.dice = chance("work", story.name)
        self.today = world.today
        self.months = [_months_back(world.today.replace(day=1), back) for back in range(MONTHS - 1, -1, -1)]
        self.links, self.content = self._links(story), self._content(story)
        self.scores = self._scores(story)
        self.advice = [
            (place, self._advised(story, place, *one)) for place, one in enumerate(story.advice, start=2)
        ]

    def _days(self, month: dt.date, count: int) -> list[dt.date]:
        return sorted(month + self.dice.randint(1, 26) * A_DAY for _ in range(count))

    def _links(self, story: Story) -> Lines:
        rows: Lines = []
        for month in self.months:
            for day in self._days(month, story.links + self.dice.choice((-1, 0, 0, 1))):
                number = len(rows)
                site, done = story.sites[number % len(story.sites)], day <= self.today
                row = {
                    "day": day.isoformat(),
                    "domain": site,
                    "type": self.dice.choice(TYPES),
                    "status": "completed" if done else "in progress",
                    "anchor": story.anchors[number % len(story.anchors)],
                    "url": f"https://{site}/{day:%Y/%m}/{number + 1}" if done else "",
                    "authority": str(self.dice.randint(24, 71)),
                }
                rows.append((number + 2, row))
        return rows

    def _content(self, story: Story) -> Lines:
        rows: Lines = []
        for month in self.months:
            for day in self._days(month, story.articles):
                number = len(rows)
                title = story.titles[number % len(story.titles)]
                done, path = day <= self.today, title.lower().replace(",", "").replace(" ", "-")
                row = {
                    "day": day.isoformat(),
                    "title": title,
                    "type": "visual asset" if number % 5 == 4 else "article",
                    "status": "published" if done else self.dice.choice(("editing", "in review")),
                    "url": f"{story.site}/journal/{path}" if done else "",
                    "words": str(self.dice.randint(60, 180) * 10) if number % 5 != 4 else "",
                }
                rows.append((number + 2, row))
        return rows

    def _scores(self, story: Story) -> Lines:
        rows: Lines = []
        values = dict(zip(PARTS, (story.score + step for step in (9, -14, 3, 0)), strict=True))
        for month in self.months:
            day = month + 2 * A_DAY
            parts = {f"part:{name}": str(value) for name, value in values.items()}
            score = str(round(sum(values.values()) / len(values)) - 1)
            rows.append((len(rows) + 2, {"day": day.isoformat(), "score": score, "tool": TOOL, **parts}))
            values = {
                name: min(98, value + self.dice.choice((-1, 2, 4, 7))) for name, value in values.items()
            }
        return [row for row in rows if row[1]["day"] <= self.today.isoformat()]

    def _advised(
        self, story: Story, place: int, page: str, issue: str, action: str, state: str
    ) -> Mapping[str, str]:
        day = (self.months[min(place - 2, MONTHS - 2)] + 4 * A_DAY).isoformat()
        said = {"day": day, "url": f"{story.site}{page}", "issue": issue, "action": action}
        return said | ({"state": state} if state else {})


def _bring_in(world: World, story: Story, lines: _Lines, last: dt.date) -> None:
    """What stood in the sheets by then; the same lines again change what has moved on."""
    client = world.clients[story.name]
    by = lead_of(client).actor
    if last < world.today:
        planning.plan_work(client, "links", story.links, lines.months[0], by=by)
        planning.plan_work(client, "content", story.articles, lines.months[0], by=by, type="article")
    for table, rows in (
        (LINKS, lines.links),
        (CONTENT, lines.content),
        (SCORES, lines.scores),
        (ADVICE, lines.advice),
    ):
        known = rows if last == world.today else [row for row in rows if row[1]["day"] <= last.isoformat()]
        if known:
            take_in(client, table, known, by=by)


def _answer(world: World, story: Story) -> None:
    """Somebody at the client declines one, and says why."""
    client = world.clients[story.name]
    people = world.contacts.get(story.name, [])
    row = Recommendation.objects.open().filter(client=client, url=f"{story.site}{story.declined}").first()
    if people and row is not None:
        entering.answer(row, "declined", story.why, by=people[0])


def _months_back(first: dt.date, back: int) -> dt.date:
    for _ in range(back):
        first = (first - A_DAY).replace(day=1)
    return first
