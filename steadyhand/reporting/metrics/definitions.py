"""What is measured: each metric once, with what it counts and whether up is good (R1).

A ratio names the two metrics it is made of, so that a month's conversion rate is the month's conversions over
the month's sessions and never the mean of thirty daily rates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class MetricKind(StrEnum):
    """How days become a month: counts and money add up, a ratio divides sums, a rank is weighed."""

    COUNT = "count"
    MONEY = "money"
    RATIO = "ratio"
    RANK = "rank"

    __hash__ = str.__hash__


class Good(StrEnum):
    """Which way is good news."""

    UP = "up"
    DOWN = "down"

    __hash__ = str.__hash__


@dataclass(frozen=True, slots=True)
class Metric:
    """One definition.

    `numerator` and `denominator` are keys of the metrics a ratio divides (for a rank: `denominator` is what
    it is weighed by). `min_effect` (a share: 0.15 is 15%) and `min_units` (a day) are what a change must
    exceed before anybody is woken. `decimals` is how it is shown; `percent` shows 0.031 as 3.1%; `money`
    that it bears the client's currency. `adds_up` says that sources are added (each advertising platform has
    its own cost); else a day is taken from the first source that has it (a session is a session).
    """

    key: str
    label: str
    kind: MetricKind
    good: Good = Good.UP
    numerator: str = ""
    denominator: str = ""
    min_effect: Decimal = Decimal("0.15")
    min_units: Decimal = Decimal(5)
    decimals: int = 0
    percent: bool = False
    money: bool = False
    adds_up: bool = False

    @property
    def summed(self) -> bool:
        """Whether days add up."""
        return self.kind in (MetricKind.COUNT, MetricKind.MONEY)


def _count(key: str, label: str, *, good: Good = Good.UP, adds_up: bool = False) -> Metric:
    return Metric(key, label, MetricKind.COUNT, good, adds_up=adds_up)


def _money(key: str, label: str, *, good: Good = Good.UP, adds_up: bool = False) -> Metric:
    return Metric(
        key, label, MetricKind.MONEY, good, min_units=Decimal(20), decimals=2, money=True, adds_up=adds_up
    )


def _rate(key: str, label: str, over: str, under: str, *, good: Good = Good.UP) -> Metric:
    return Metric(
        key,
        label,
        MetricKind.RATIO,
        good,
        over,
        under,
        min_units=Decimal(0),
        decimals=1,
        percent=True,
    )


def _price(key: str, label: str, over: str, under: str) -> Metric:
    return Metric(
        key, label, MetricKind.RATIO, Good.DOWN, over, under, min_units=Decimal(0), decimals=2, money=True
    )


_ALL = (
    # The site, whoever counts it.
    _count("sessions", "Sessions"),
    _count("users", "Users (each day's, added up)"),
    _count("new_users", "New users"),
    _count("pageviews", "Page views"),
    _count("engaged_sessions", "Engaged sessions"),
    _rate("engagement_rate", "Engagement rate", "engaged_sessions", "sessions"),
    _count("conversions", "Conversions"),
    _rate("conversion_rate", "Conversion rate", "conversions", "sessions"),
    _money("revenue", "Revenue"),
    _count("transactions", "Orders"),
    _count("leads", "Leads", adds_up=True),
    _count("qualified_leads", "Qualified leads", adds_up=True),
    _count("new_customers", "New customers", adds_up=True),
    # Unpaid search.
    _count("impressions", "Search impressions"),
    _count("clicks", "Search clicks"),
    _rate("ctr", "Search click-through rate", "clicks", "impressions"),
    Metric(
        "position",
        "Average place in search",
        MetricKind.RANK,
        Good.DOWN,
        denominator="impressions",
        min_units=Decimal(1),
        decimals=1,
    ),
    _count("links", "Links earned"),
    _count("referring_domains", "Referring domains"),
    # Advertising, all platforms.
    _money("cost", "Advertising cost", good=Good.DOWN, adds_up=True),
    _count("ad_impressions", "Advertisement impressions", adds_up=True),
    _count("ad_clicks", "Advertisement clicks", adds_up=True),
    _rate("ad_ctr", "Advertisement click-through rate", "ad_clicks", "ad_impressions"),
    _count("ad_conversions", "Advertisement conversions", adds_up=True),
    _rate("ad_conversion_rate", "Advertisement conversion rate", "ad_conversions", "ad_clicks"),
    _money("ad_revenue", "Revenue from advertising", adds_up=True),
    _price("cpc", "Cost per click", "cost", "ad_clicks"),
    _price("cpa", "Cost per conversion", "cost", "ad_conversions"),
    _price("cost_per_lead", "Cost per lead", "cost", "leads"),
    Metric(
        "roas",
        "Return on advertising spend",
        MetricKind.RATIO,
        Good.UP,
        "ad_revenue",
        "cost",
        min_units=Decimal(0),
        decimals=2,
    ),
    # Social, content, e-mail.
    _count("social_reach", "Social reach", adds_up=True),
    _count("social_engagements", "Social interactions", adds_up=True),
    _count("new_followers", "New followers", adds_up=True),
    _count("posts", "Posts published", adds_up=True),
    _count("content_published", "Pages published"),
    _count("emails_sent", "E-mails sent", adds_up=True),
    _count("email_clicks", "E-mail clicks", adds_up=True),
    _rate("email_click_rate", "E-mail click rate", "email_clicks", "emails_sent"),
    _count("unsubscribes", "Unsubscribes", good=Good.DOWN, adds_up=True),
    _count("calls", "Telephone calls", adds_up=True),
)

METRICS: Mapping[str, Metric] = {metric.key: metric for metric in _ALL}

#: What a dashboard shows first, by the channel of a service; the first few are its headline.
BY_CHANNEL: Mapping[str, tuple[str, ...]] = {
    "seo": (
        "sessions",
        "conversions",
        "conversion_rate",
        "clicks",
        "impressions",
        "ctr",
        "position",
        "links",
    ),
    "paid-search": ("cost", "ad_conversions", "cpa", "roas", "ad_clicks", "cpc", "ad_impressions", "ad_ctr"),
    "paid-social": ("cost", "ad_conversions", "cpa", "social_reach", "ad_clicks", "cpc"),
    "social": ("social_reach", "social_engagements", "new_followers", "posts"),
    "content": ("content_published", "pageviews", "engagement_rate", "sessions", "leads"),
    "email": ("emails_sent", "email_clicks", "email_click_rate", "unsubscribes"),
    "website": ("sessions", "engagement_rate", "conversions", "conversion_rate", "revenue"),
    "pr": ("links", "referring_domains", "sessions"),
}

#: So many of a service come before the rest of all of them.
FIRST = 3

#: For a client whose services have no channel.
ANY_SERVICE = ("sessions", "conversions", "conversion_rate", "leads", "revenue", "cost")


def by_service(channels: Iterable[str]) -> list[Metric]:
    """The metrics that matter to a client with services of these channels: the first of each come first."""
    known = [BY_CHANNEL[channel] for channel in dict.fromkeys(channels) if channel in BY_CHANNEL]
    templates = known or [ANY_SERVICE]
    first = [key for keys in templates for key in keys[:FIRST]]
    rest = [key for keys in templates for key in keys[FIRST:]]
    return [METRICS[key] for key in dict.fromkeys([*first, *rest])]


def parts(keys: Iterable[str]) -> list[str]:
    """These keys, and those of the metrics they are made of."""
    wanted: dict[str, None] = {}
    for key in keys:
        metric = METRICS[key]
        wanted.update(dict.fromkeys(k for k in (key, metric.numerator, metric.denominator) if k))
    return list(wanted)
