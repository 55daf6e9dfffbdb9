"""The rules: what a client's figures must do for which question to be asked (R8). Thresholds are ours.

Each asks rather than claims, and brings the numbers it comes from. What a rule is stands in `rules.py`.
"""

from __future__ import annotations

from decimal import Decimal

from steadyhand.reporting.insights.facts import Facts, Move, Number
from steadyhand.reporting.insights.rules import RULES, Found, Moves, Rule, is_clear, rate_is_clear, rule
from steadyhand.reporting.metrics import periods, wording
from steadyhand.reporting.metrics.definitions import METRICS


def every_rule() -> list[Rule]:
    """All of them, in the order of this file."""
    return list(RULES.values())


def findings(facts: Facts) -> list[Found]:
    """What every rule has to say of these facts, the strongest first."""
    found = [one for each in every_rule() if (one := each.ask(facts)) is not None]
    return sorted(found, key=lambda one: (-one.weight, one.rule))


@rule(
    "brand-awareness",
    "More of the visitors buy, fewer people see you",
    "conversion rate up by 10% or more on the year, search impressions down by 10% or more",
    *("conversion_rate", "sessions"),
    least={"impressions": 5000, "conversions": 30},
)
def _brand_awareness(facts: Facts, moves: Moves) -> Found | None:
    rate, seen = moves["conversion_rate"], moves["impressions"]
    if not (rate.up("0.1") and seen.down("0.1") and rate_is_clear(moves["conversions"], moves["sessions"])):
        return None
    return Found(
        f"Conversion rate is {rate.percent} up on {rate.compared}, search impressions {seen.percent} down.",
        "Those who find you buy more often, yet fewer people see you when they search. "
        "Is your name less known than it was a year ago?",
        "Look with them at searches for their own name. If those fall too, propose work on the brand.",
        rate.size + seen.size,
        (rate.number, seen.number),
    )


@rule(
    "room-to-invest",
    "Each conversion costs less, the money is the same",
    "cost per conversion down by 10% or more on the year, advertising cost within 10% of it",
    *("cpa", "cost"),
    least={"ad_conversions": 40},
)
def _room_to_invest(facts: Facts, moves: Moves) -> Found | None:
    price, spent, won = moves["cpa"], moves["cost"], moves["ad_conversions"]
    if not (price.down("0.1") and spent.level("0.1") and is_clear(won.now, won.then)):
        return None
    return Found(
        f"A conversion costs {price.percent} less than in {price.compared}, for about the same money.",
        "What you spend brings more than it did a year ago. Would you put more in while it lasts?",
        "Bring a figure: what a fifth more a month would bring if the price of a conversion holds.",
        price.size + Decimal("0.1"),
        (price.number, spent.number, won.number),
    )


@rule(
    "one-channel",
    "One channel carries most of it",
    "one channel brings more than half of at least 60 conversions, with four fifths told by channel",
)
def _one_channel(facts: Facts, moves: Moves) -> Found | None:
    figure = facts.final("conversions")
    if figure is None or figure.value is None or figure.value < 60:
        return None
    total = figure.value
    known = {name: amount for name, amount in facts.channels.items() if amount > 0}
    if len(known) < 2 or sum(known.values(), Decimal(0)) < total * Decimal("0.8"):
        return None
    name = max(known, key=lambda channel: (known[channel], channel))
    share = known[name] / max(total, sum(known.values(), Decimal(0)))
    if share <= Decimal("0.5"):
        return None
    said = periods.said(facts.period)
    return Found(
        f"{name} brought {share * 100:.0f}% of all conversions in {said}.",
        f"More than half of what you win comes by one road, {name}. What would a month without it cost you?",
        "Name the second channel you would build, and what it would take to bring a quarter of this.",
        share / 2,
        (
            Number(f"Conversions by {name}", f"{known[name]:,.0f}", period=said, source=figure.source),
            Number("Conversions, all", f"{total:,.0f}", period=said, source=figure.source),
        ),
    )


@rule(
    "clicks-without-leads",
    "More clicks, fewer leads",
    "advertisement clicks up by 15% or more on the month before, leads down by 15% or more",
    least={"ad_clicks": 300, "leads": 20},
    against="month",
)
def _clicks_without_leads(facts: Facts, moves: Moves) -> Found | None:
    return _arrive_and_leave(moves["ad_clicks"], moves["leads"], "leads")


@rule(
    "clicks-without-conversions",
    "More clicks, fewer conversions",
    "advertisement clicks up by 15% or more on the month before, their conversions down by 15% or more",
    least={"ad_clicks": 300, "ad_conversions": 30},
    against="month",
)
def _clicks_without_conversions(facts: Facts, moves: Moves) -> Found | None:
    return _arrive_and_leave(moves["ad_clicks"], moves["ad_conversions"], "conversions")


def _arrive_and_leave(came: Move, won: Move, what: str) -> Found | None:
    if not (came.up("0.15") and won.down("0.15") and is_clear(won.now, won.then)):
        return None
    return Found(
        f"Clicks are {came.percent} up on {came.compared}, {what} are {won.percent} down.",
        "More people come to the page and fewer get in touch. "
        "Has the page, the form or the way it is counted changed?",
        "Send the form once yourself before the call, and look at the marks of that month.",
        came.size + won.size + Decimal("0.2"),
        (came.number, won.number),
    )


@rule(
    "brand-searches",
    "Fewer search for the name",
    "searches with their name are 10 points or more less of all search clicks than a year before "
    "(where a source tells clicks by `brand`)",
    least={"clicks": 300},
)
def _brand_searches(facts: Facts, moves: Moves) -> Found | None:
    if facts.brand is None or facts.brand[0] - facts.brand[1] > Decimal("-0.1"):
        return None
    now, then = (f"{share * 100:.0f}%" for share in facts.brand)
    clicks = moves["clicks"]
    return Found(
        f"{now} of the search clicks come from searches for their name; in {clicks.compared} it was {then}.",
        "Fewer of those who come by search look for you by name. "
        "What did you do last year that people heard of you, and no longer do?",
        "Bring the searches that grew instead, and one idea that gets the name about.",
        facts.brand[1] - facts.brand[0],
        (
            Number(
                *("Clicks from searches for the name", now, then, "", "act"),
                period=periods.said(facts.period),
                compared=clicks.compared,
                source=clicks.figure.source,
            ),
            clicks.number,
        ),
    )


@rule(
    "helping-channel",
    "A channel that helps and seldom closes",
    "a channel takes part in a fifth or more of at least 100 conversions and closes a tenth or less",
    page="paths/",
)
def _helping_channel(facts: Facts, moves: Moves) -> Found | None:
    helping = [
        one
        for one in facts.assists
        if one.conversions >= 100 and one.helped >= Decimal("0.2") and one.closed <= Decimal("0.1")
    ]
    if not helping:
        return None
    most = max(helping, key=lambda one: (one.helped - one.closed, one.channel))
    helped, closed = (f"{share * 100:.0f}%" for share in (most.helped, most.closed))
    return Found(
        f"{most.channel} takes part in {helped} of the conversions and is the last touch of {closed}.",
        f"{most.channel} looks weak where only the last click counts, yet it is there before many of your "
        "customers decide. Do you judge it by what it closes?",
        "Show the paths it stands in before anybody cuts its budget.",
        most.helped - most.closed,
        (
            Number(
                f"Conversions {most.channel} takes part in",
                helped,
                period=most.period,
                source="paths to conversion",
            ),
            Number(
                f"Conversions {most.channel} closes", closed, period=most.period, source="paths to conversion"
            ),
        ),
    )


@rule(
    "place-without-clicks",
    "A better place in search, fewer clicks for it",
    "average place better by half a place or more on the month before, click-through rate 10% or more down",
    *("position", "ctr"),
    least={"impressions": 5000, "clicks": 100},
    against="month",
)
def _place_without_clicks(facts: Facts, moves: Moves) -> Found | None:
    place, rate = moves["position"], moves["ctr"]
    risen = place.then - place.now >= Decimal("0.5")
    if not (risen and rate.down("0.1") and rate_is_clear(moves["clicks"], moves["impressions"])):
        return None
    return Found(
        f"They stand {place.then - place.now:.1f} places higher than in {place.compared}; "
        f"the share that clicks is {rate.percent} down.",
        "You stand higher in search, yet fewer of those who see you click. "
        "Does what they read there still say what you do best?",
        "Bring the three titles that are seen most and clicked least, with a better one for each.",
        rate.size + Decimal("0.15"),
        (place.number, rate.number),
    )


@rule(
    "season-returns",
    "Their best weeks come again",
    "one of the next two months was, a year ago, 25% or more above the mean of the twelve months",
    least={"conversions": 30},
)
def _season_returns(facts: Facts, moves: Moves) -> Found | None:
    key = "revenue" if len(facts.months.get("revenue", {})) >= 12 else "conversions"
    months = facts.months.get(key, {})
    year = sorted(months)[-12:]
    if len(year) < 12 or any(months[day] <= 0 for day in year):
        return None
    mean = sum((months[day] for day in year), Decimal(0)) / len(year)
    this = periods.month_of(facts.today)
    coming = [periods.shifted(this, ahead) for ahead in (1, 2)]
    peaks = [
        (months[then.start] / mean, month, then)
        for month in coming
        if (then := periods.year_before(month)).start in months
    ]
    share, month, then = max(peaks, default=(Decimal(0), this, this), key=lambda peak: peak[0])
    if share < Decimal("1.25"):
        return None
    metric = METRICS[key]
    figure = facts.figures.get(key) or moves["conversions"].figure
    over = f"{(share - 1) * 100:.0f}%"
    return Found(
        f"{periods.said(then)} was {over} above the month's average in {metric.label.lower()}.",
        f"{month.start:%B} was a strong month last year. "
        "What do you want ready before it starts, and is there stock, staff and budget for more?",
        "Bring a plan of the weeks before, with what has to be decided by when.",
        min(share - 1, Decimal(1)),
        (
            Number(
                f"{metric.label}, {periods.said(then)}",
                wording.value(metric, months[then.start], figure.currency),
                wording.value(metric, mean.quantize(Decimal("0.01")), figure.currency),
                wording.change(share - 1),
                "well",
                period=periods.said(then),
                compared="the mean of twelve months",
                source=figure.source,
            ),
        ),
    )


@rule(
    "dearer-clicks",
    "Clicks have become dear",
    "cost per click up by 20% or more on the year",
    *("cpc", "cost"),
    least={"ad_clicks": 500},
)
def _dearer_clicks(facts: Facts, moves: Moves) -> Found | None:
    price = moves["cpc"]
    if not price.up("0.2"):
        return None
    return Found(
        f"A click costs {price.percent} more than in {price.compared}.",
        "The same words cost you more than a year ago. Do you see somebody new bidding for your customers?",
        "Bring who else bids on their five dearest words, and which of those words could go.",
        price.size,
        (price.number, moves["ad_clicks"].number),
    )


@rule(
    "larger-orders",
    "Fewer orders, more revenue",
    "revenue up by 5% or more on the year, orders down by 10% or more",
    "revenue",
    least={"transactions": 60},
)
def _larger_orders(facts: Facts, moves: Moves) -> Found | None:
    money, orders = moves["revenue"], moves["transactions"]
    if not (money.up("0.05") and orders.down("0.1") and is_clear(orders.now, orders.then)):
        return None
    return Found(
        f"Revenue is {money.percent} up on {money.compared}, from {orders.percent} fewer orders.",
        "Each order is worth more than it was, and there are fewer of them. Is that where you want to go, or "
        "are the small customers going elsewhere?",
        "Bring what first orders were worth, this year and last.",
        money.size + orders.size,
        (money.number, orders.number),
    )


@rule(
    "visits-without-interest",
    "More visits, less interest",
    "sessions up by 15% or more on the year, engagement rate down by 10% or more",
    *("engagement_rate", "engaged_sessions"),
    least={"sessions": 1000},
)
def _visits_without_interest(facts: Facts, moves: Moves) -> Found | None:
    came, stayed = moves["sessions"], moves["engagement_rate"]
    if not (came.up("0.15") and stayed.down("0.1") and rate_is_clear(moves["engaged_sessions"], came)):
        return None
    return Found(
        f"Visits are {came.percent} up on {came.compared}; the share that stays is {stayed.percent} down.",
        "More people come and fewer of them stay. Who is coming now that you would rather not pay for?",
        "Bring the pages and campaigns the new visits come by, and which of them lead to nothing.",
        came.size + stayed.size - Decimal("0.1"),
        (came.number, stayed.number),
    )
