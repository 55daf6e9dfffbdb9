from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Makes the tools known that we can read."""

    name = "steadyhand.integrations"

    def ready(self) -> None:
        """Each registers with the protocol of the room below."""
        from steadyhand.integrations.google_ads.provider import GoogleAds
        from steadyhand.integrations.google_analytics.provider import GoogleAnalytics
        from steadyhand.integrations.search_console.provider import SearchConsole
        from steadyhand.reporting.metrics.providers import register

        for tool in (GoogleAnalytics(), SearchConsole(), GoogleAds()):
            register(tool)
