"""People to speak with and a past, for a book of clients on PostgreSQL: written by the database itself.

Skewed as real books are: a few clients have much of the history, and one, the hot one, a tenth of it. One
event in 3,000 has the word “zebra”.
"""

from __future__ import annotations

from django.db import connection

CONTACTS = """
INSERT INTO clients_contact (client_id, name, email, phone, job_title, day_to_day, decides, notes, made_at)
SELECT c.id, 'Contact ' || c.id || '-' || n, 'contact' || n || '@' || c.ref || '.example', '',
       (ARRAY['Marketing manager', 'Chief executive', 'Finance', 'Webmaster'])[1 + n %% 4],
       n = 1, n = 2, '', c.made_at
FROM clients_client c, generate_series(1, %s) n
"""

# Squaring twice gives the first clients of the shuffled book most of the history.
BUSY = """
CREATE TEMP TABLE busy AS
SELECT row_number() OVER (ORDER BY md5(ref)) AS place, id, ref FROM clients_client
"""
WHICH = """CASE WHEN n %% 10 = 0 THEN 1
  ELSE 2 + floor(power(random(), 3) * (SELECT count(*) - 2 FROM busy))::int END"""

EVENTS = f"""
INSERT INTO core_event (at, verb, actor_kind, actor_id, actor_name, client_id, subject_type, subject_id,
                        audience, data, words)
SELECT %s::timestamptz - random() * interval '900 days', d.verb, 'member', 1, 'Member 001', b.id,
       'commitments.commitment', n, 'team', d.data::jsonb,
       d.words || CASE WHEN n %% 3000 = 0 THEN ' zebra' ELSE '' END
FROM (SELECT n, {WHICH} AS place, 1 + n %% 4 AS deed FROM generate_series(1, %s) n) x
JOIN busy b ON b.place = x.place
JOIN (VALUES
  (1, 'commitment.completed', '{{"title": "Weekly call", "late": false, "note": "Figures."}}',
   'commitment done weekly call figures'),
  (2, 'commitment.moved', '{{"title": "Monthly report", "to_day": "2026-10-20", "reason": "Away."}}',
   'commitment moved monthly report 2026 10 20 away'),
  (3, 'contact.changed', '{{"name": "Contact 7", "changed": {{"job_title": ["", "Marketing manager"]}}}}',
   'contact changed 7 marketing manager'),
  (4, 'commitment.waived', '{{"title": "Weekly call", "reason": "A holiday in their country."}}',
   'commitment waived weekly call a holiday in their country')
) AS d (deed, verb, data, words) ON d.deed = x.deed
ORDER BY 1
"""

INTERACTIONS = f"""
INSERT INTO comms_interaction (client_id, contact_id, member_id, at, channel, direction, summary, body,
                               outcome, minutes, source, made_at, words)
SELECT b.id, NULL, NULL, %s::timestamptz - random() * interval '900 days',
       (ARRAY['call', 'email', 'meeting', 'note'])[1 + n %% 4], 'out', 'About the figures of the month',
       'We went through the figures and agreed what comes next.', '', 10 + n %% 50, '', now(),
       'about the figures of month we went through and agreed what comes next'
FROM (SELECT n, {WHICH} AS place FROM generate_series(1, %s) n) x
JOIN busy b ON b.place = x.place
ORDER BY 4
"""

# Most of what was due has been done; one in twenty stays overdue.
KEPT = """
UPDATE commitments_commitment SET state = 'done', touched_at = due_at
WHERE state = 'open' AND due_at < %s AND id %% 20 <> 0
"""


def build_history(
    as_of: str, *, events: int, contacts_each: int = 10, interactions: int | None = None
) -> str:
    """Contacts, events and interactions for the clients that are there; the ref of the hot client."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT setseed(0.5)")
        cursor.execute(CONTACTS, [contacts_each])
        cursor.execute(BUSY)
        cursor.execute(EVENTS, [as_of, events])
        cursor.execute(INTERACTIONS, [as_of, events // 5 if interactions is None else interactions])
        cursor.execute(KEPT, [as_of])
        cursor.execute("SELECT ref FROM busy WHERE place = 1")
        hot = str(cursor.fetchone()[0])
        cursor.execute("DROP TABLE busy")
        cursor.execute("VACUUM ANALYZE")
    return hot
