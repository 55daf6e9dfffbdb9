"""What the figures say: metrics, dashboards, reports, attribution, dips."""
