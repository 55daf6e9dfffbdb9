"""What a component promises: its words, its labels, and that nothing a user typed becomes markup."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.test import RequestFactory

from steadyhand.ui.toasts import toast

EVIL = "<script>x</script>"


def render(source: str, **context: Any) -> str:
    return Template("{% load ui %}" + source).render(Context(context)).strip()


class BookForm(forms.Form):
    name = forms.CharField(help_text="As on their letters.")
    note = forms.CharField(required=False)
    internal = forms.BooleanField(required=False)
    rhythm = forms.ChoiceField(choices=[("w", "Weekly"), ("m", "Monthly")], widget=forms.RadioSelect)
    token = forms.CharField(widget=forms.HiddenInput)


def test_a_field_ties_label_hint_and_error_together() -> None:
    html = render("{% field form.name %}", form=BookForm({"name": ""}))
    assert 'for="id_name"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext">As on their letters.' in html
    assert 'id="id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_sound_field_is_not_marked_wrong() -> None:
    html = render("{% field form.name %}", form=BookForm())
    assert "aria-invalid" not in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert "(optional)" not in html
    assert "(optional)" in render("{% field form.note %}", form=BookForm())


def test_a_hint_given_by_the_page_is_described_too() -> None:
    html = render("{% field form.note hint='Only we see it.' %}", form=BookForm())
    assert 'aria-describedby="id_note_helptext"' in html


def test_a_group_of_choices_is_a_fieldset_with_a_legend() -> None:
    html = render("{% field form.rhythm %}", form=BookForm({"rhythm": "x"}))
    assert html.startswith('<fieldset class="field field--group"')
    assert 'aria-describedby="id_rhythm_error"' in html
    assert "<legend" in html


def test_a_checkbox_stands_before_its_label() -> None:
    html = render("{% field form.internal %}", form=BookForm())
    assert html.index('type="checkbox"') < html.index("<label")


def test_form_errors_say_how_many_and_link_to_each() -> None:
    form = BookForm({"note": "x"})
    form.add_error(None, "This ends before it starts.")
    html = render("{% form_errors form %}", form=form)
    assert "This ends before it starts." in html
    assert "3 answers need another look" in html
    assert 'href="#id_name"' in html
    assert render("{% form_errors form %}", form=BookForm()) == ""


def test_a_whole_form_keeps_its_hidden_fields() -> None:
    assert 'type="hidden" name="token"' in render("{% fields form %}", form=BookForm())


def test_health_always_has_a_word() -> None:
    assert "Act</span>" in render("{% health 'red' %}")
    quiet = render("{% health 'watch' quiet=True %}")
    assert 'title="Watch"' in quiet
    assert "visually-hidden" in quiet
    assert "Not known" in render("{% health '' %}")


def test_avatars_count_whom_they_leave_out() -> None:
    html = render("{% avatars people most=3 %}", people=["Ana B", "Cy D", "Eve F", "Gus H"])
    assert html.count('class="face"') == 2
    assert "+2" in html
    assert "Eve F, Gus H" in html


def test_act_is_a_form_that_posts_with_its_token() -> None:
    html = render("{% act 'Done' '/x/' key='d' target='#row-1' %}", csrf_token="abc")
    assert 'method="post"' in html
    assert 'action="/x/"' in html
    assert 'value="abc"' in html
    assert 'data-key="d"' in html
    assert 'hx-post="/x/"' in html
    assert 'hx-target="#row-1"' in html


def test_act_without_target_leaves_the_page_to_the_browser() -> None:
    assert "hx-" not in render("{% act 'Done' '/x/' %}", csrf_token="abc")


def test_what_people_typed_never_becomes_markup() -> None:
    sources = [
        "{% row evil text=evil note=evil when=evil tag=evil url=evil id=evil pick=evil %}{% endrow %}",
        "{% face evil %}{% avatars people %}",
        "{% empty evil action=evil url='/x/' %}{% difference evil evil evil %}",
        "{% item at=evil note=evil %}{{ evil }}{% enditem %}{% banner %}{{ evil }}{% endbanner %}",
        "{% dialog 'd' evil %}{{ evil }}{% enddialog %}{% menu evil text=evil %}{{ evil }}{% endmenu %}",
        "{% progress evil 1 2 note=evil %}{% allowance evil 1 2 %}{% pager said=evil %}",
        "{% tabs tabs %}{% bands evil columns=people rows=rows caption=evil %}{% act evil evil title=evil %}",
    ]
    html = render(
        "".join(sources),
        evil=EVIL,
        people=[EVIL] * 5,
        tabs=[{"label": EVIL, "url": EVIL}],
        rows=[{"label": EVIL, "cells": [{"text": EVIL, "was": EVIL}]}],
    )
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_a_row_says_overdue_in_words() -> None:
    html = render("{% row 'Halden' when='Tue' late=True health='act' %}{% endrow %}")
    assert "data-row" in html
    assert ", overdue" in html


def test_progress_asks_again_until_the_answer_has_no_poll() -> None:
    assert 'hx-trigger="every 1s"' in render("{% progress 'Importing' 1200 10000 poll='/p/' %}")
    done = render("{% progress 'Importing' 10000 10000 %}")
    assert "hx-" not in done
    assert "10,000 of 10,000" in done
    assert "value=" not in render("{% progress 'Counting' 0 None %}")


def test_allowance_says_when_it_is_over() -> None:
    assert "20 m of 2 h" in render("{% allowance 'Calls' 20 120 %}")
    over = render("{% allowance 'Gifts' 180 150 'GBP' %}")
    assert "£180 of £150, over" in over
    assert 'value="180"' in over


def test_difference_reads_without_colour() -> None:
    html = render("{% difference 'Calls' 'fortnightly' 'weekly' %}")
    assert "was </span>fortnightly" in html
    assert "now </span>weekly" in html
    assert "gone" in render("{% difference 'Lunch' '£150' '' %}")


def test_pager_is_absent_when_there_is_one_page() -> None:
    assert render("{% pager %}") == ""
    assert "Older" in render("{% pager older='?before=9' %}")


def test_a_choice_on_this_device_goes_before_what_the_member_keeps() -> None:
    request = RequestFactory().get("/")
    member = type("Member", (), {"theme": "dark", "density": "compact", "shortcuts": False})()
    request.member = member  # type: ignore[attr-defined]
    request.COOKIES["steadyhand_theme"] = "light"
    html = render("{% preferences %}", request=request)
    assert html == 'data-theme="light" data-density="compact" data-shortcuts="off"'


def test_an_unknown_preference_is_as_if_none_were_made() -> None:
    request = RequestFactory().get("/")
    request.COOKIES["steadyhand_density"] = '"><b>'
    plain = 'data-theme="system" data-density="comfortable" data-shortcuts="on"'
    assert render("{% preferences %}", request=request) == plain
    assert render("{% preferences %}") == plain


def asked(*, htmx: bool) -> HttpRequest:
    request = RequestFactory().post("/", headers={"HX-Request": "true"} if htmx else {})
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


def test_toast_travels_in_a_header_to_htmx() -> None:
    response = toast(asked(htmx=True), HttpResponse(), "Moved to Friday.", undo="/x/", method="delete")
    sent = json.loads(response.headers["HX-Trigger"])["toast"]
    assert sent == {"text": "Moved to Friday.", "undo": "/x/", "method": "delete"}


def test_toast_travels_as_a_message_otherwise_with_an_undo_that_needs_no_script() -> None:
    request = asked(htmx=False)
    toast(request, HttpResponse(), "Moved to Friday.", undo="/x/")
    (message,) = get_messages(request)
    html = render("{% toast message %}", message=message, csrf_token="abc")
    assert 'action="/x/"' in html
    assert 'method="post"' in html
    assert "Moved to Friday." in html


def test_a_zero_is_shown_and_sent() -> None:
    html = render("{% act label '/x/' name='offset' value=n %}", label=0, n=0)
    assert ">0</button>" in html
    assert 'value="0"' in html
