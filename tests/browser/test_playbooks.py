"""Playbooks on the screens: read, compared, chosen, adjusted, tried, saved and switched on."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from support.playbook_screens import PlaybookScreens
from support.playbooks import OUR_WAY
from support.screens import Met, Screens
from support.server import Server
from support.sizes import on_a_phone

pytestmark = pytest.mark.browser

RECAP = "Write down what was said at the company"
THANKS = "Thank the interviewer"
#: What somebody else makes of it meanwhile, without touching a number.
OTHERWISE = """\
id: our-way
title: Our way
extends: balanced
without: [no-public-mention, no-text-messages, text-for-logistics-only]
rules:
  - id: thank-you
    channel: {recommended: letter}
    cite: [{source: grandmother, locator: by heart, says: A letter is warmer., inferred: false}]
"""


@pytest.fixture
def playbooks(screens: Screens) -> PlaybookScreens:
    return PlaybookScreens(screens)


@pytest.fixture
def acme(screens: Screens) -> PlaybookScreens:
    """Somebody whose interview at Acme has just ended."""
    screens.log("Acme", "Data engineer", Met("Ana Ruiz", "hiring manager", "ana@acme.example"))
    return PlaybookScreens(screens)


def elsewhere(page: Page, server: Server, identifier: str, text: str) -> None:
    """A change that is made by somebody else meanwhile."""
    headers = {"Origin": server.url, "Content-Type": "application/yaml"}
    answer = page.request.put(f"/api/v1/playbooks/{identifier}", data=text, headers=headers)
    assert answer.status == 200, answer.text()


def test_every_playbook_is_there_in_a_sentence(playbooks: PlaybookScreens) -> None:
    playbooks.open()
    expect(playbooks.page.get_by_role("main").get_by_role("heading", level=2)).to_have_count(7)
    balanced = playbooks.line("Balanced")
    expect(balanced).to_contain_text("Your default")
    expect(balanced).to_contain_text("What all articles share")
    expect(balanced).to_contain_text(re.compile(r"Built in · \d+ rules, \d+ things to leave alone"))


def test_a_key_leads_there(playbooks: PlaybookScreens) -> None:
    playbooks.page.keyboard.press("p")
    expect(playbooks.page.get_by_role("heading", name="Playbooks", level=1)).to_be_visible()


def test_the_two_weeks_of_each_are_drawn_lane_by_lane(playbooks: PlaybookScreens) -> None:
    playbooks.open()
    thanks = playbooks.page.get_by_role("region", name="thank you", exact=True)
    expect(thanks.get_by_role("img")).to_have_count(6)
    expect(thanks.get_by_role("img", name=re.compile("^three-things: .*Ana Ruiz.*Tue 3 Mar"))).to_be_visible()
    expect(playbooks.page.get_by_role("region", name="wait for timeline").get_by_role("img").first).to_be_visible()


def test_another_default_changes_today(acme: PlaybookScreens) -> None:
    expect(acme.screens.card("Write Ana Ruiz a card")).to_have_count(0)
    acme.open()
    expect(acme.line("Balanced")).to_contain_text("followed by 1 open opportunity")
    line = acme.line("Three things")
    line.get_by_role("button", name="Make it my default").click()
    expect(line).to_contain_text("Your default")
    expect(line).to_contain_text("followed by 1 open opportunity")
    expect(line.get_by_role("button", name="Make it my default")).to_have_count(0)
    acme.page.get_by_role("navigation").get_by_role("link", name="Today").click()
    expect(acme.page.get_by_role("heading", name=re.compile("card", re.IGNORECASE)).first).to_be_visible()


def test_a_rule_says_when_how_why_and_on_whose_word(playbooks: PlaybookScreens) -> None:
    playbooks.open()
    playbooks.line("Balanced").get_by_role("link").click()
    thanks = playbooks.unfold(THANKS)
    expect(thanks).to_contain_text("every interviewer, one by one")
    expect(thanks).to_contain_text("24 hours after the interview ends")
    expect(thanks).to_contain_text("never by text")
    expect(thanks).to_contain_text("Thank them for their time")
    expect(thanks).to_contain_text("To each person within 24 hours.")
    expect(thanks.get_by_text("in the article").first).to_be_visible()
    expect(thanks.get_by_text("Others see it differently")).to_be_visible()
    held = playbooks.page.locator("details#no-text-messages")
    held.locator("summary").first.click()
    expect(held).to_contain_text("every text message")


def test_what_the_others_say_of_it_is_one_step_away(playbooks: PlaybookScreens) -> None:
    playbooks.read("eight-steps")
    playbooks.unfold("Call your contact about the job").get_by_role("link", name="What the others say").click()
    section = playbooks.page.get_by_role("region", name="Follow up", exact=True)
    expect(section).to_be_in_viewport()
    expect(section).to_contain_text("All the articles speak of it and differ on when")
    expect(section.get_by_role("listitem").filter(has_text="dos-and-donts").first).to_contain_text("14 days after")
    section.get_by_role("link", name="five-things").click()
    expect(playbooks.page.get_by_role("heading", level=1)).to_contain_text("5 Things")
    expect(playbooks.page.locator("details#follow-up")).to_have_attribute("open", "")


def test_who_is_silent_can_be_seen_at_a_glance(playbooks: PlaybookScreens, size: tuple[int, int]) -> None:
    playbooks.open()
    playbooks.page.get_by_role("link", name="Where they agree and where they do not").click()
    glance = playbooks.page.get_by_role("region", name="At a glance")
    if size[0] > 1000:
        row = glance.get_by_role("row", name=re.compile("^Thank you card"))
        expect(row.get_by_role("cell")).to_have_text(["taken up", "stated", "silent", "silent", "silent", "silent"])
    else:
        expect(glance.get_by_role("listitem").filter(has_text="Thank you card")).to_contain_text("Only three-things")


def test_a_number_is_changed_tried_saved_switched_on_and_shows_on_today(acme: PlaybookScreens) -> None:
    today = acme.screens.card("Write down what was said at Acme")
    due = today.locator(".due").first.inner_text()
    acme.make_own("Balanced", "My way")
    recap = acme.unfold(RECAP)
    recap.get_by_label("Due", exact=True).fill("6")
    changes = acme.look()
    expect(changes).to_contain_text("1 of 1 open opportunity would change.")
    expect(changes).to_contain_text("Write down what was said at Acme")
    expect(changes.locator("ins")).to_have_count(1)
    acme.page.get_by_role("navigation").get_by_role("link", name="Today").click()
    expect(today.locator(".due").first).to_have_text(due)

    acme.page.goto("/playbooks/my-way/adjust")
    acme.unfold(RECAP).get_by_label("Due", exact=True).fill("6")
    acme.save()
    acme.switch_on("As my default, for everything that follows it")
    acme.page.get_by_role("navigation").get_by_role("link", name="Today").click()
    expect(today.locator(".due").first).not_to_have_text(due)
    acme.read("my-way")
    told = acme.unfold(RECAP)
    expect(told).to_contain_text("6 hours after the interview ends")
    expect(told).to_contain_text("Our own figures, where they differ from the sources'.")


def test_a_number_that_cannot_be_is_refused_at_its_field(acme: PlaybookScreens) -> None:
    acme.make_own("Balanced", "My way")
    thanks = acme.unfold(THANKS)
    thanks.get_by_label("Opens", exact=True).fill("12")
    acme.page.get_by_role("button", name="See what would change").click()
    best = thanks.get_by_label("Best", exact=True)
    expect(best).to_have_attribute("aria-invalid", "true")
    expect(thanks.get_by_text("Is before the window opens")).to_be_visible()
    best.fill("")
    acme.page.get_by_role("button", name="Save", exact=True).click()
    expect(thanks.get_by_text("Must be hours like PT24H")).to_be_visible()
    best.fill("14")
    acme.save()


def test_a_rule_is_left_out_and_brought_back(acme: PlaybookScreens) -> None:
    acme.make_own("Balanced", "My way")
    acme.unfold(RECAP).get_by_label("In this playbook").uncheck()
    changes = acme.look()
    expect(changes).to_contain_text("Gone")
    acme.save()
    acme.page.reload()
    back = acme.page.get_by_role("group", name="Not in this playbook")
    back.get_by_label(f"Bring back: {RECAP}").check()
    acme.save()
    acme.read("my-way")
    expect(acme.page.get_by_role("heading", name=RECAP)).to_be_visible()


def test_a_rule_that_others_need_says_so_when_it_is_left_out(playbooks: PlaybookScreens) -> None:
    playbooks.make_own("Balanced", "My way")
    playbooks.unfold("Follow up with your contact about the job").get_by_label("In this playbook").uncheck()
    playbooks.page.get_by_role("button", name="See what would change").click()
    expect(playbooks.page.get_by_text("There is no rule follow-up").first).to_be_visible()


def test_channel_and_how_often_can_be_changed(acme: PlaybookScreens) -> None:
    acme.make_own("Balanced", "My way")
    thanks = acme.unfold(THANKS)
    thanks.get_by_label("Best way").select_option("by letter")
    follow_up = acme.unfold("Follow up with your contact about the job")
    follow_up.get_by_label("How often at most").fill("1")
    acme.save()
    acme.read("my-way")
    expect(acme.unfold(THANKS)).to_contain_text("a letter, else e-mail")
    expect(acme.unfold("Follow up with your contact about the job")).to_contain_text("once in all")


def test_a_change_elsewhere_is_shown_beside_ones_own(playbooks: PlaybookScreens, server: Server) -> None:
    page = playbooks.page
    playbooks.make_own("Balanced", "Our way")
    elsewhere(page, server, "our-way", "id: our-way\ntitle: Their title\nextends: balanced\nrules: []\n")
    playbooks.unfold(RECAP).get_by_label("Due", exact=True).fill("6")
    page.get_by_role("button", name="Save", exact=True).click()
    conflict = page.get_by_role("alert", name="This was changed elsewhere since you opened it.")
    expect(conflict).to_contain_text("Due 6 hours after the interview ends")
    expect(conflict).to_contain_text("Due 2 hours after the interview ends")
    expect(conflict).to_contain_text("Their title")
    conflict.get_by_role("button", name="Keep what is here").click()
    expect(page.get_by_text("Saved as a version. It takes effect where you switch it on.")).to_be_visible()


@on_a_phone
def test_a_change_elsewhere_is_shown_though_it_has_no_number(playbooks: PlaybookScreens, server: Server) -> None:
    """Another way to thank, and fewer things to leave alone, of which two are called the same."""
    page = playbooks.page
    playbooks.make_own("Balanced", "Our way")
    elsewhere(page, server, "our-way", OTHERWISE)
    playbooks.unfold(RECAP).get_by_label("Due", exact=True).fill("6")
    page.get_by_role("button", name="Save", exact=True).click()
    conflict = page.get_by_role("alert", name="This was changed elsewhere since you opened it.")
    thanks = conflict.locator("dl > div").filter(has_text=THANKS)
    expect(thanks.locator("dd")).to_have_text([re.compile("Best way: by e-mail"), re.compile("Best way: by letter")])
    left_out = [re.compile("In this playbook"), re.compile("Not in this playbook")]
    expect(conflict.locator("dl > div").filter(has_text="No public mention").locator("dd")).to_have_text(left_out)
    expect(conflict.locator("dl > div").filter(has_text="No text messages").locator("dd")).to_have_text(2 * left_out)


def test_the_whole_text_can_be_edited_with_problems_at_their_lines(playbooks: PlaybookScreens) -> None:
    page = playbooks.page
    playbooks.make_own("Balanced", "Our way")
    page.goto("/playbooks/our-way/text")
    text = page.get_by_label("The playbook in YAML")
    expect(text).to_have_value(re.compile("^id: our-way\n"))
    text.fill(OUR_WAY.replace("PT1H", "an hour"))
    page.get_by_role("button", name="Check it").click()
    refusal = page.get_by_role("alert").filter(has_text="1 problem")
    expect(refusal).to_contain_text("Must be hours like PT24H")
    line = OUR_WAY[: OUR_WAY.index("PT1H")].count("\n") + 1
    refusal.get_by_role("button", name=f"Line {line}").click()
    expect(text).to_be_focused()
    text.fill(OUR_WAY)
    page.get_by_role("button", name="Check it").click()
    expect(page.get_by_text("It can be used:")).to_be_visible()
    playbooks.save()
    playbooks.read("our-way")
    expect(page.get_by_role("region", name="Versions").get_by_role("listitem")).to_have_count(2)
    expect(playbooks.unfold("Bake the interviewer a pie")).to_contain_text("A pie opens every door.")
    page.get_by_role("button", name=re.compile("^Read version ")).click()
    expect(page.get_by_text("This is the earlier version")).to_be_visible()
    expect(page.get_by_role("heading", name="Bake the interviewer a pie")).to_have_count(0)


@on_a_phone
def test_a_look_at_an_earlier_version_leaves_the_current_one_on_the_device(
    playbooks: PlaybookScreens, server: Server
) -> None:
    page = playbooks.page
    playbooks.make_own("Balanced", "Our way")
    elsewhere(page, server, "our-way", OUR_WAY)
    pie = page.get_by_role("heading", name="Bake the interviewer a pie")
    playbooks.read("our-way")
    expect(pie).to_be_visible()
    page.get_by_role("button", name=re.compile("^Read version ")).click()
    expect(page.get_by_text("This is the earlier version")).to_be_visible()
    expect(pie).to_have_count(0)
    page.route("**/api/**", lambda route: route.abort("internetdisconnected"))
    playbooks.read("our-way")
    expect(page.get_by_text("Read on ")).to_be_visible()
    expect(pie).to_be_visible()


def test_one_is_deleted_unless_something_goes_by_it(acme: PlaybookScreens) -> None:
    page = acme.page
    acme.make_own("5 Things", "For Acme")
    acme.read("for-acme")
    acme.switch_on("For all open opportunities")
    page.get_by_role("button", name="Delete it").click()
    dialog = page.get_by_role("dialog", name="Delete this playbook?")
    dialog.get_by_role("button", name="Delete it").click()
    expect(dialog.get_by_role("alert")).to_contain_text("is the playbook of open opportunities")
    dialog.get_by_role("button", name="Cancel").click()
    acme.read("balanced")
    acme.page.get_by_role("button", name="Switch it on", exact=True).click()
    chosen = page.get_by_role("dialog", name=re.compile("^Switch on "))
    chosen.get_by_label("For some of them").check()
    chosen.get_by_label("Acme, Data engineer").check()
    chosen.get_by_role("button", name="Switch it on").click()
    expect(chosen.get_by_text("It is on.")).to_be_visible()
    acme.read("for-acme")
    page.get_by_role("button", name="Delete it").click()
    dialog.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("heading", name="Playbooks", level=1)).to_be_visible()
    expect(acme.line("For Acme")).to_have_count(0)


def test_markup_in_a_playbook_is_text(playbooks: PlaybookScreens) -> None:
    page = playbooks.page
    markup = "<img src=x onerror=alert(1)>"
    playbooks.make_own("Balanced", markup)
    expect(page.get_by_role("heading", name=f"Adjust {markup}")).to_be_visible()
    playbooks.open()
    expect(playbooks.line(markup)).to_be_visible()
    assert page.locator("main img[src=x]").count() == 0


def test_a_playbook_that_is_not_there_says_so(playbooks: PlaybookScreens) -> None:
    playbooks.page.goto("/playbooks/nobodys")
    expect(playbooks.page.get_by_text("This playbook is not here.")).to_be_visible()
