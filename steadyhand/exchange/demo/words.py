"""What people at the demo agency say and write down. “{contact}” is the client's first name."""

from __future__ import annotations

CALL_SUMMARIES = (
    "Figures of last week, and what we change because of them",
    "Priorities until the end of the month",
    "Three pages to rewrite first, in {contact}’s order",
    "Leads are up; {contact} wants to know which ones bought",
    "Budget moved from brand searches to the new service",
    "Went through the plan line by line; nothing to change",
    "Photographs are late; we start with the ones we have",
    "{contact} is pleased with the enquiries, less so with their quality",
    "Agreed what to test next, and when to stop",
    "Seasonal offer: dates, prices and who signs off",
    "Questions from their board, answered",
    "Launch moved by a week at their wish",
)
CALL_BODIES = (
    "Agreed: we send two versions by Friday, {contact} chooses. Nothing else is open.",
    "{contact} asked for the enquiries by region. We add them to the report.",
    "They lose a colleague in marketing; approvals go to {contact} until further notice.",
    "The new offer works: cost for each enquiry fell by a fifth. We keep the budget as it is.",
    "{contact} heard an agency promise first place within a month. Explained why nobody can.",
    "A short one. All on track, next steps are in the plan.",
)
CALL_NOTES = (
    "Held as planned.",
    "All agreed; minutes are written down.",
    "Short and good.",
    "Went well, one follow-up.",
    "Two decisions, no worries.",
)
REPORT_NOTES = (
    "Sent, with the three figures that matter on top.",
    "Sent. Enquiries are up by 12% on last month.",
    "Sent with a short comment on the dip in the second week.",
    "Sent; {contact} has read it already.",
    "Sent. Two recommendations for next month.",
)
OTHER_NOTES = {
    "dashboard": ("Live; {contact} has the link.",),
    "survey": ("Answered: nine out of ten.", "Answered: eight, “quick and clear”."),
    "sponsor_call": ("Happy. Would recommend us to a friend.", "Content; wishes for more ideas of our own."),
    "review": ("Looked at the quarter together; goals stay as they are.",),
    "meeting": ("Everybody knows everybody now.", "Access to all accounts is there."),
    "setup": ("Running since this morning.", "Set up and checked by a second pair of eyes."),
    "entertainment": ("Tickets for the cricket in June.", "A cheese course for two."),
    "plan_agreement": ("Agreed as written.",),
    "action": ("Done.", "Done; one idea to take to the next call."),
    "follow_up": ("Sent.", "Done, {contact} knows.", "Answered on the same day."),
}
WAIVERS = (
    "{contact} is on holiday; they asked to skip this one.",
    "They are moving offices this week and asked us not to come.",
    "Covered in yesterday’s workshop; {contact} agreed.",
    "Year-end closing at their side; next one as usual.",
)
MOVES = (
    "{contact} is at a trade fair.",
    "Figures arrive a day late.",
    "Clashed with their board meeting.",
    "At {contact}’s wish.",
    "Two colleagues are ill.",
)
WAITS = (
    "Needs {contact}’s approval of the text.",
    "Access to the shop’s figures is still missing.",
    "{contact} wants to show it to the board first.",
    "Photographs come from their side.",
    "Waiting for the new price list.",
)
HANDOVERS = ("You know the account better.", "I am at a pitch all day.", "Good practice for you.")
LATE_NOTES = ("Late, sorry: the week was full.", "A day late; told {contact} beforehand.", "Made good.")

MAILS_IN = (
    "Could you look at the product names before we print?",
    "Our numbers for last month",
    "Can we talk about the budget for the next quarter?",
    "The photographer’s pictures are here",
    "Thank you for the report, one question",
    "Who should get access to the dashboard?",
    "Is Thursday possible instead?",
    "Our new price list",
    "A competitor’s campaign: worth a look",
    "Two typing errors on the home page",
    "Short of time until the 20th",
    "Logo in the right size, at last",
)
MAILS_OUT = (
    "Draft of the newsletter, for your approval",
    "Three ideas for the quiet weeks",
    "Summary of our call, and who does what",
    "Dates for the next quarter",
    "The list of pages we would rewrite first",
    "A short answer on the drop in traffic",
    "Invoice questions, passed on to Bridget",
    "Two versions of the headline",
    "What we would test with a small budget",
    "Reminder: we need your sign-off by Friday",
    "Article about your trade, in case you missed it",
)
MEETINGS = (
    "Workshop: what the next quarter should bring",
    "Lunch at their place, with the new colleague",
    "Half a day on the customer’s journey",
    "Photo day on site",
)
FOLLOW_UPS = (
    "Send {contact} two versions of the headline",
    "Ask {contact} for access to the shop’s figures",
    "Send the list of pages to rewrite",
    "Send enquiries by region",
    "Answer {contact}’s question on the budget",
    "Introduce {contact} to our photographer",
    "Send dates for the workshop",
    "Check the tracking of the new form",
    "Price for the extra landing page",
    "Send the minutes of the call",
)

#: What the head of client services has promised: title, client, days from today, and what it waits for.
HEAD_PROMISES: tuple[tuple[str, str, int, str], ...] = (
    ("Answer Piers on the spring campaign", "Castellan Hotels", -2, ""),
    ("Send Edward the press list", "Sterling & Moss Watches", -1, ""),
    ("Talk to Rupert, who has heard nothing for weeks", "Pembroke Antiques", 0, ""),
    ("Find Bramble & Rose a new lead", "Bramble & Rose", 0, ""),
    ("Send Lukas the case study of the water company", "Cobalt Robotics", 0, ""),
    ("Write to Gillian before her plan is agreed", "Thornbury Rail", 1, ""),
    ("Offer Joan a second newsletter", "Fairweather Foundation", 2, ""),
    ("Signed contract for the second year", "Cobalt Robotics", 1, "Lukas signs after his holiday."),
    ("Approve the wording on the anniversary watch", "Sterling & Moss Watches", -3, "With their lawyers."),
)

#: What stands in her diary today: title, client (none: among ourselves), time, minutes.
HEAD_MEETINGS: tuple[tuple[str, str, str, int], ...] = (
    ("One-to-one with Tomasz", "", "11:30", 45),
    ("Lunch with Camille, about next year", "Sterling & Moss Watches", "12:45", 75),
    ("Interview for the new account executive", "", "14:30", 60),
)
