"""The ground every room stands on: clock, business calendar, money, actor, event, outbox, links."""
