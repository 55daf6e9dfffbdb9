"""The components, by what they are for. `templatetags/ui.py` offers them all to templates."""
