"""The components as template tags: `{% load ui %}`, then one look everywhere. `/styleguide/` shows them all.

Tags with an end tag (`{% row %}…{% endrow %}`) put what stands between them inside.
What is one element with a class needs no tag: `class="btn btn--do"`, `class="tag"`, `class="card"`.
"""

from steadyhand.ui.components import doing, forms, frame, lists, marks, saying, values
from steadyhand.ui.components.library import register

__all__ = ["doing", "forms", "frame", "lists", "marks", "register", "saying", "values"]
