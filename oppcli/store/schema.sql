CREATE TABLE alembic_version (
version_num VARCHAR(32) NOT NULL,
CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);

CREATE TABLE journal (
seq INTEGER NOT NULL,
txn INTEGER NOT NULL,
at INTEGER NOT NULL,
actor TEXT NOT NULL,
on_behalf_of TEXT,
channel TEXT NOT NULL,
action TEXT NOT NULL,
noun TEXT NOT NULL,
noun_id TEXT NOT NULL,
changes TEXT NOT NULL,
meta TEXT NOT NULL,
prev TEXT NOT NULL,
hash TEXT NOT NULL, salt TEXT,
CONSTRAINT journal_pkey PRIMARY KEY (seq)
);

CREATE INDEX journal_noun_noun_id ON journal (noun, noun_id);

CREATE TABLE meta (
"key" TEXT NOT NULL,
value TEXT NOT NULL,
CONSTRAINT meta_pkey PRIMARY KEY ("key")
);

CREATE TABLE policy (
hash TEXT NOT NULL,
text TEXT NOT NULL,
name TEXT NOT NULL,
number INTEGER NOT NULL,
applied_at INTEGER NOT NULL,
applied_by TEXT NOT NULL, scope TEXT,
CONSTRAINT policy_pkey PRIMARY KEY (hash),
CONSTRAINT policy_number_key UNIQUE (number)
);

CREATE TABLE stage (
id INTEGER NOT NULL,
name TEXT NOT NULL,
kind TEXT NOT NULL,
position INTEGER,
probability INTEGER NOT NULL,
target_ms INTEGER,
rotting_ms INTEGER, pipeline TEXT, category TEXT,
CONSTRAINT stage_pkey PRIMARY KEY (id),
CONSTRAINT stage_kind CHECK ("kind" IN ('lead', 'open', 'won', 'lost')),
CONSTRAINT stage_probability CHECK (probability BETWEEN 0 AND 100),
CONSTRAINT stage_name_key UNIQUE (name)
);

CREATE TABLE user_account (
login TEXT NOT NULL,
name TEXT NOT NULL,
manager TEXT,
roles TEXT NOT NULL,
email TEXT,
active INTEGER NOT NULL,
created_at INTEGER NOT NULL,
version INTEGER NOT NULL, successor TEXT, server_role TEXT, pin_at INTEGER, lang TEXT, zone TEXT, muted TEXT DEFAULT '[]' NOT NULL, answer_key TEXT,
CONSTRAINT user_account_pkey PRIMARY KEY (login),
CONSTRAINT user_account_login CHECK (login <> ''),
CONSTRAINT user_account_active CHECK (active IN (0, 1)),
CONSTRAINT user_account_manager_fkey FOREIGN KEY(manager) REFERENCES user_account (login)
);

CREATE TABLE request (
id INTEGER NOT NULL,
deal_id INTEGER NOT NULL,
type TEXT NOT NULL,
title TEXT NOT NULL,
state TEXT NOT NULL,
revision INTEGER NOT NULL,
policy TEXT NOT NULL,
previous INTEGER,
submitted_by TEXT NOT NULL,
submitted_at INTEGER NOT NULL,
owner TEXT,
note TEXT,
reason TEXT,
decided_at INTEGER,
valid_until INTEGER,
invalidated_at INTEGER,
nudged_at INTEGER,
wake_at INTEGER,
amount INTEGER,
currency TEXT NOT NULL,
channel TEXT NOT NULL,
version INTEGER NOT NULL, external_id TEXT, system TEXT, blocked INTEGER DEFAULT '0' NOT NULL, answers TEXT DEFAULT '[]' NOT NULL, rounds INTEGER DEFAULT '0' NOT NULL, chosen TEXT DEFAULT '{}' NOT NULL, parts TEXT DEFAULT '' NOT NULL,
CONSTRAINT request_pkey PRIMARY KEY (id),
CONSTRAINT request_state CHECK ("state" IN ('pending', 'returned', 'approved', 'rejected', 'recalled', 'cancelled', 'invalidated')),
CONSTRAINT request_revision CHECK (revision >= 1),
CONSTRAINT request_deal_id_fkey FOREIGN KEY(deal_id) REFERENCES deal (id),
CONSTRAINT request_previous_fkey FOREIGN KEY(previous) REFERENCES request (id)
);

CREATE INDEX request_deal_id_type ON request (deal_id, type);

CREATE UNIQUE INDEX request_live ON request (deal_id, type) WHERE state IN ('pending', 'returned');

CREATE INDEX request_state_submitted_at ON request (state, submitted_at);

CREATE INDEX request_wake ON request (wake_at) WHERE wake_at IS NOT NULL;

CREATE TABLE visit (
deal_id INTEGER NOT NULL,
number INTEGER NOT NULL,
stage_id INTEGER NOT NULL,
entered_at INTEGER,
left_at INTEGER, system TEXT,
CONSTRAINT visit_pkey PRIMARY KEY (deal_id, number),
CONSTRAINT visit_number CHECK (number >= 1),
CONSTRAINT visit_deal_id_fkey FOREIGN KEY(deal_id) REFERENCES deal (id),
CONSTRAINT visit_stage_id_fkey FOREIGN KEY(stage_id) REFERENCES stage (id)
)
WITHOUT ROWID;

CREATE INDEX visit_stage_id_stay ON visit (stage_id, (left_at - entered_at), entered_at, left_at);

CREATE TABLE decision (
request_id INTEGER NOT NULL,
number INTEGER NOT NULL,
revision INTEGER NOT NULL,
step INTEGER NOT NULL,
seat INTEGER NOT NULL,
actor TEXT NOT NULL,
actor_name TEXT NOT NULL,
on_behalf_of TEXT,
verdict TEXT NOT NULL,
automatic INTEGER NOT NULL,
own INTEGER NOT NULL,
refers_to INTEGER,
at INTEGER NOT NULL,
reason TEXT,
snapshot_hash TEXT NOT NULL,
policy TEXT NOT NULL, code TEXT, target TEXT, files TEXT DEFAULT '[]' NOT NULL,
CONSTRAINT decision_pkey PRIMARY KEY (request_id, number),
CONSTRAINT decision_verdict CHECK ("verdict" IN ('approve', 'reject', 'return', 'withdraw', 'override')),
CONSTRAINT decision_automatic CHECK (automatic IN (0, 1)),
CONSTRAINT decision_request_id_fkey FOREIGN KEY(request_id) REFERENCES request (id)
)
WITHOUT ROWID;

CREATE TABLE notice (
id INTEGER NOT NULL,
"to" TEXT NOT NULL,
kind TEXT NOT NULL,
request_id INTEGER,
deal_id INTEGER,
text TEXT NOT NULL,
at INTEGER NOT NULL,
sent_at INTEGER, queued_at INTEGER, unsent TEXT, step TEXT, customer_id INTEGER CONSTRAINT notice_customer_id_fkey REFERENCES customer (id), task_id INTEGER CONSTRAINT notice_task_id_fkey REFERENCES task (id), activity_id INTEGER CONSTRAINT notice_activity_id_fkey REFERENCES activity (id), read_at INTEGER, page TEXT,
CONSTRAINT notice_pkey PRIMARY KEY (id),
CONSTRAINT notice_deal_id_fkey FOREIGN KEY(deal_id) REFERENCES deal (id),
CONSTRAINT notice_request_id_fkey FOREIGN KEY(request_id) REFERENCES request (id)
);

CREATE TABLE revision (
request_id INTEGER NOT NULL,
number INTEGER NOT NULL,
snapshot TEXT NOT NULL,
at INTEGER NOT NULL,
editor TEXT NOT NULL,
editors TEXT NOT NULL,
next_editors TEXT NOT NULL,
why TEXT NOT NULL, skipped TEXT DEFAULT '{}' NOT NULL, agreed TEXT DEFAULT '{}' NOT NULL,
CONSTRAINT revision_pkey PRIMARY KEY (request_id, number),
CONSTRAINT revision_request_id_fkey FOREIGN KEY(request_id) REFERENCES request (id)
)
WITHOUT ROWID;

CREATE TABLE seat (
request_id INTEGER NOT NULL,
revision INTEGER NOT NULL,
step INTEGER NOT NULL,
number INTEGER NOT NULL,
state TEXT NOT NULL,
pool TEXT NOT NULL,
hops INTEGER NOT NULL,
"left" TEXT NOT NULL,
must INTEGER NOT NULL,
veto INTEGER NOT NULL,
added_by TEXT,
decided_by TEXT, aside TEXT DEFAULT '[]' NOT NULL,
CONSTRAINT seat_pkey PRIMARY KEY (request_id, revision, step, number),
CONSTRAINT seat_state CHECK ("state" IN ('open', 'approved', 'rejected', 'cancelled')),
CONSTRAINT seat_request_id_revision_step_fkey FOREIGN KEY(request_id, revision, step) REFERENCES step (request_id, revision, position)
)
WITHOUT ROWID;

CREATE TABLE holder (
request_id INTEGER NOT NULL,
revision INTEGER NOT NULL,
step INTEGER NOT NULL,
seat INTEGER NOT NULL,
number INTEGER NOT NULL,
login TEXT NOT NULL,
how TEXT NOT NULL,
via TEXT NOT NULL,
CONSTRAINT holder_pkey PRIMARY KEY (request_id, revision, step, seat, number),
CONSTRAINT holder_login_fkey FOREIGN KEY(login) REFERENCES user_account (login),
CONSTRAINT holder_request_id_revision_step_seat_fkey FOREIGN KEY(request_id, revision, step, seat) REFERENCES seat (request_id, revision, step, number)
)
WITHOUT ROWID;

CREATE INDEX holder_login ON holder (login);

CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'the journal cannot be changed'); END;

CREATE TRIGGER journal_no_replace BEFORE INSERT ON journal WHEN EXISTS (SELECT 1 FROM journal WHERE seq >= NEW.seq) BEGIN SELECT RAISE(ABORT, 'the journal cannot be changed'); END;

CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'a decision cannot be changed'); END;

CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'a decision cannot be changed'); END;

CREATE TRIGGER decision_no_replace BEFORE INSERT ON decision WHEN EXISTS (SELECT 1 FROM decision WHERE request_id = NEW.request_id AND number = NEW.number) BEGIN SELECT RAISE(ABORT, 'a decision cannot be changed'); END;

CREATE INDEX notice_waiting ON notice ("to") WHERE queued_at IS NULL AND unsent IS NULL;

CREATE TABLE delivery (
id INTEGER NOT NULL,
"key" TEXT NOT NULL,
channel TEXT NOT NULL,
"to" TEXT NOT NULL,
notices TEXT NOT NULL,
state TEXT NOT NULL,
at INTEGER NOT NULL,
subject TEXT NOT NULL,
text TEXT NOT NULL,
attempts INTEGER NOT NULL,
next_try_at INTEGER,
sent_at INTEGER,
error TEXT,
down INTEGER NOT NULL,
version INTEGER NOT NULL,
CONSTRAINT delivery_pkey PRIMARY KEY (id),
CONSTRAINT delivery_state CHECK ("state" IN ('waiting', 'sending', 'sent', 'dropped')),
CONSTRAINT delivery_down CHECK (down IN (0, 1)),
CONSTRAINT delivery_key_key UNIQUE ("key")
);

CREATE INDEX delivery_unsent ON delivery (channel, next_try_at) WHERE state IN ('waiting', 'sending');

CREATE UNIQUE INDEX request_external_id ON request (external_id, system) WHERE external_id IS NOT NULL;

CREATE INDEX request_blocked ON request (id) WHERE blocked = 1;

CREATE TABLE "deal" (
id INTEGER NOT NULL,
title TEXT NOT NULL,
stage_id INTEGER NOT NULL,
customer_id INTEGER,
owner TEXT,
amount INTEGER,
currency TEXT NOT NULL,
discount INTEGER,
margin INTEGER,
payment_days INTEGER,
probability INTEGER,
probability_reason TEXT,
source TEXT,
campaign TEXT,
product TEXT,
region TEXT,
tier TEXT,
grade TEXT,
score INTEGER,
expected_close TEXT,
tags TEXT NOT NULL,
collaborators TEXT NOT NULL,
extra TEXT NOT NULL,
external_id TEXT,
system TEXT,
created_at INTEGER,
created_by TEXT NOT NULL,
updated_at INTEGER NOT NULL,
closed_at INTEGER,
last_open_stage_id INTEGER,
close_reason TEXT,
close_detail TEXT,
competitor TEXT,
channel TEXT NOT NULL,
version INTEGER NOT NULL,
standing TEXT DEFAULT 'live' NOT NULL,
search_key TEXT DEFAULT '' NOT NULL, merged_into INTEGER, renewal_of INTEGER, grade_reason TEXT, parts TEXT DEFAULT '' NOT NULL, origin INTEGER, category TEXT,
CONSTRAINT deal_pkey PRIMARY KEY (id),
CONSTRAINT deal_amount CHECK (amount >= 0),
CONSTRAINT deal_discount CHECK (discount BETWEEN 0 AND 1000000),
CONSTRAINT deal_currency CHECK (length(currency) = 3),
CONSTRAINT deal_margin CHECK (margin <= 1000000),
CONSTRAINT deal_payment_days CHECK (payment_days >= 0),
CONSTRAINT deal_probability CHECK (probability BETWEEN 0 AND 100),
CONSTRAINT deal_customer_id_fkey FOREIGN KEY(customer_id) REFERENCES customer (id),
CONSTRAINT deal_last_open_stage_id_fkey FOREIGN KEY(last_open_stage_id) REFERENCES stage (id),
CONSTRAINT deal_owner_fkey FOREIGN KEY(owner) REFERENCES user_account (login),
CONSTRAINT deal_stage_id_fkey FOREIGN KEY(stage_id) REFERENCES stage (id),
CONSTRAINT deal_standing CHECK ("standing" IN ('live', 'archived', 'withdrawn', 'merged'))
);

CREATE INDEX deal_customer_id ON deal (customer_id);

CREATE TABLE "customer" (
id INTEGER NOT NULL,
name TEXT NOT NULL,
"key" TEXT NOT NULL,
created_at INTEGER,
created_by TEXT NOT NULL,
version INTEGER NOT NULL,
standing TEXT DEFAULT 'live' NOT NULL,
search_key TEXT DEFAULT '' NOT NULL, phone TEXT DEFAULT '[]' NOT NULL, email TEXT DEFAULT '[]' NOT NULL, tags TEXT DEFAULT '[]' NOT NULL, extra TEXT DEFAULT '{}' NOT NULL, website TEXT, address TEXT, tax_id TEXT, industry TEXT, region TEXT, tier TEXT, quiet_until TEXT, external_id TEXT, system TEXT, protected_until INTEGER, merged_into INTEGER, owner TEXT CONSTRAINT customer_owner_fkey REFERENCES user_account (login),
CONSTRAINT customer_pkey PRIMARY KEY (id),
CONSTRAINT customer_standing CHECK ("standing" IN ('live', 'archived', 'withdrawn', 'merged'))
);

CREATE TABLE "file" (
id INTEGER NOT NULL,
deal_id INTEGER NOT NULL,
kind TEXT NOT NULL,
name TEXT NOT NULL,
size INTEGER NOT NULL,
sha256 TEXT NOT NULL,
path TEXT NOT NULL,
attached_at INTEGER NOT NULL,
attached_by TEXT NOT NULL,
version INTEGER NOT NULL,
standing TEXT DEFAULT 'live' NOT NULL,
CONSTRAINT file_pkey PRIMARY KEY (id),
CONSTRAINT file_size CHECK (size >= 0),
CONSTRAINT file_deal_id_fkey FOREIGN KEY(deal_id) REFERENCES deal (id),
CONSTRAINT file_standing CHECK ("standing" IN ('live', 'archived', 'withdrawn', 'merged'))
);

CREATE INDEX file_deal_id ON file (deal_id);

CREATE UNIQUE INDEX deal_external_id ON deal (system, external_id) WHERE standing <> 'withdrawn';

CREATE INDEX deal_standing ON deal (standing) WHERE standing <> 'live';

CREATE INDEX customer_standing ON customer (standing) WHERE standing <> 'live';

CREATE INDEX file_standing ON file (standing) WHERE standing <> 'live';

CREATE TABLE credential (
login TEXT NOT NULL,
salt TEXT NOT NULL,
verifier TEXT,
code TEXT,
code_ends INTEGER,
earlier TEXT,
CONSTRAINT credential_pkey PRIMARY KEY (login),
CONSTRAINT credential_login_fkey FOREIGN KEY(login) REFERENCES user_account (login)
);

CREATE INDEX deal_stage_id ON deal (stage_id, last_open_stage_id, currency, amount, standing, owner);

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal WHEN NEW.seq IS NOT OLD.seq OR NEW.txn IS NOT OLD.txn OR NEW.at IS NOT OLD.at OR NEW.actor IS NOT OLD.actor OR NEW.on_behalf_of IS NOT OLD.on_behalf_of OR NEW.channel IS NOT OLD.channel OR NEW.action IS NOT OLD.action OR NEW.noun IS NOT OLD.noun OR NEW.noun_id IS NOT OLD.noun_id OR NEW.meta IS NOT OLD.meta OR NEW.prev IS NOT OLD.prev OR NEW.hash IS NOT OLD.hash BEGIN SELECT RAISE(ABORT, 'the journal cannot be changed'); END;

CREATE INDEX deal_collaborators ON deal (collaborators) WHERE collaborators <> '[]';

CREATE INDEX deal_made_for ON deal (created_by) WHERE created_by <> owner AND channel <> 'import';

CREATE INDEX notice_copied ON notice ("to", request_id) WHERE kind = 'cc';

CREATE INDEX request_submitted_by ON request (submitted_by);

CREATE INDEX decision_actor ON decision (actor);

CREATE TABLE mapping (
name TEXT NOT NULL,
text TEXT NOT NULL,
hash TEXT NOT NULL,
saved_by TEXT NOT NULL,
saved_at INTEGER NOT NULL,
used_at INTEGER,
standing TEXT NOT NULL,
version INTEGER NOT NULL,
CONSTRAINT mapping_pkey PRIMARY KEY (name),
CONSTRAINT mapping_standing CHECK ("standing" IN ('live', 'archived', 'withdrawn', 'merged'))
);

CREATE TABLE saved_view (
id INTEGER NOT NULL,
name TEXT NOT NULL,
owner TEXT NOT NULL,
shared INTEGER NOT NULL,
command TEXT NOT NULL,
every TEXT,
"to" TEXT NOT NULL,
created_at INTEGER NOT NULL,
standing TEXT NOT NULL,
version INTEGER NOT NULL,
CONSTRAINT saved_view_pkey PRIMARY KEY (id),
CONSTRAINT saved_view_standing CHECK ("standing" IN ('live', 'archived', 'withdrawn', 'merged')),
CONSTRAINT saved_view_shared CHECK (shared IN (0, 1))
);

CREATE INDEX mapping_standing ON mapping (standing) WHERE standing <> 'live';

CREATE INDEX saved_view_standing ON saved_view (standing) WHERE standing <> 'live';

CREATE UNIQUE INDEX saved_view_own ON saved_view (owner, name) WHERE standing <> 'withdrawn';

CREATE UNIQUE INDEX saved_view_of_all ON saved_view (name) WHERE standing <> 'withdrawn' AND shared = 1;

CREATE TABLE alike (
id INTEGER NOT NULL,
noun TEXT NOT NULL,
first INTEGER NOT NULL,
second INTEGER NOT NULL,
rule TEXT NOT NULL,
likeness INTEGER NOT NULL,
state TEXT NOT NULL,
decided_by TEXT,
decided_at INTEGER,
reason TEXT,
created_at INTEGER NOT NULL,
created_by TEXT NOT NULL,
standing TEXT NOT NULL,
version INTEGER NOT NULL,
CONSTRAINT alike_pkey PRIMARY KEY (id),
CONSTRAINT alike_standing CHECK ("standing" IN ('live', 'archived', 'withdrawn', 'merged')),
CONSTRAINT alike_state CHECK ("state" IN ('open', 'merged', 'different')),
CONSTRAINT alike_pair CHECK (first < second),
CONSTRAINT alike_likeness CHECK (likeness BETWEEN 0 AND 100)
);

CREATE INDEX alike_noun_second ON alike (noun, second);

CREATE INDEX alike_open ON alike (id) WHERE state = 'open';

CREATE UNIQUE INDEX alike_pair ON alike (noun, first, second) WHERE standing <> 'withdrawn';

CREATE INDEX alike_standing ON alike (standing) WHERE standing <> 'live';

CREATE TABLE fired (
noun TEXT NOT NULL,
id INTEGER NOT NULL,
mark TEXT NOT NULL,
cycle TEXT NOT NULL,
at INTEGER NOT NULL,
CONSTRAINT fired_pkey PRIMARY KEY (noun, id, mark, cycle)
);

CREATE TABLE match_key (
noun TEXT NOT NULL,
kind TEXT NOT NULL,
"key" TEXT NOT NULL,
id INTEGER NOT NULL,
CONSTRAINT match_key_pkey PRIMARY KEY (noun, kind, "key", id)
);

CREATE INDEX match_key_noun_id ON match_key (noun, id);

CREATE TABLE watch (
id INTEGER NOT NULL,
login TEXT NOT NULL,
noun TEXT NOT NULL,
"key" INTEGER NOT NULL,
created_at INTEGER NOT NULL,
standing TEXT NOT NULL,
version INTEGER NOT NULL,
CONSTRAINT watch_pkey PRIMARY KEY (id),
CONSTRAINT watch_standing CHECK ("standing" IN ('live', 'archived', 'withdrawn', 'merged')),
CONSTRAINT watch_login_fkey FOREIGN KEY(login) REFERENCES user_account (login)
);

CREATE INDEX watch_noun_key ON watch (noun, "key");

CREATE UNIQUE INDEX watch_own ON watch (login, noun, "key") WHERE standing <> 'withdrawn';

CREATE INDEX watch_standing ON watch (standing) WHERE standing <> 'live';

CREATE TABLE contact (
id INTEGER NOT NULL,
name TEXT NOT NULL,
"key" TEXT NOT NULL,
customer_id INTEGER,
title TEXT,
phone TEXT NOT NULL,
email TEXT NOT NULL,
im TEXT,
left_on TEXT,
tags TEXT NOT NULL,
extra TEXT NOT NULL,
external_id TEXT,
system TEXT,
created_at INTEGER,
created_by TEXT NOT NULL,
standing TEXT NOT NULL,
merged_into INTEGER,
version INTEGER NOT NULL,
search_key TEXT NOT NULL,
CONSTRAINT contact_pkey PRIMARY KEY (id),
CONSTRAINT contact_standing CHECK ("standing" IN ('live', 'archived', 'withdrawn', 'merged')),
CONSTRAINT contact_customer_id_fkey FOREIGN KEY(customer_id) REFERENCES customer (id)
);

CREATE INDEX contact_customer_id ON contact (customer_id);

CREATE UNIQUE INDEX contact_external_id ON contact (system, external_id) WHERE standing <> 'withdrawn';

CREATE INDEX contact_key ON contact ("key");

CREATE INDEX contact_merged_into ON contact (merged_into) WHERE merged_into IS NOT NULL;

CREATE INDEX contact_standing ON contact (standing) WHERE standing <> 'live';

CREATE TABLE activity (
id INTEGER NOT NULL,
kind TEXT NOT NULL,
text TEXT NOT NULL,
at INTEGER NOT NULL,
who TEXT NOT NULL,
deal_id INTEGER,
customer_id INTEGER,
contacts TEXT NOT NULL,
direction TEXT NOT NULL,
minutes INTEGER,
rating INTEGER,
recorded_at INTEGER NOT NULL,
channel TEXT NOT NULL,
message_id TEXT,
tags TEXT NOT NULL,
extra TEXT NOT NULL,
external_id TEXT,
system TEXT,
created_by TEXT NOT NULL,
standing TEXT NOT NULL,
version INTEGER NOT NULL,
search_key TEXT NOT NULL,
CONSTRAINT activity_pkey PRIMARY KEY (id),
CONSTRAINT activity_direction CHECK ("direction" IN ('out', 'in')),
CONSTRAINT activity_standing CHECK ("standing" IN ('live', 'archived', 'withdrawn', 'merged')),
CONSTRAINT activity_minutes CHECK (minutes >= 0),
CONSTRAINT activity_customer_id_fkey FOREIGN KEY(customer_id) REFERENCES customer (id),
CONSTRAINT activity_deal_id_fkey FOREIGN KEY(deal_id) REFERENCES deal (id)
);

CREATE INDEX activity_customer_id ON activity (customer_id, at, kind, who);

CREATE INDEX activity_deal_id ON activity (deal_id, at, kind, who);

CREATE UNIQUE INDEX activity_external_id ON activity (system, external_id) WHERE standing <> 'withdrawn';

CREATE UNIQUE INDEX activity_message_id ON activity (message_id) WHERE message_id IS NOT NULL;

CREATE INDEX activity_standing ON activity (standing) WHERE standing <> 'live';

CREATE INDEX activity_who ON activity (who, recorded_at);

CREATE TABLE member (
deal_id INTEGER NOT NULL,
number INTEGER NOT NULL,
login TEXT NOT NULL,
role TEXT,
read INTEGER NOT NULL,
CONSTRAINT member_pkey PRIMARY KEY (deal_id, number),
CONSTRAINT member_read CHECK (read IN (0, 1)),
CONSTRAINT member_deal_id_fkey FOREIGN KEY(deal_id) REFERENCES deal (id),
CONSTRAINT member_login_fkey FOREIGN KEY(login) REFERENCES user_account (login)
)
WITHOUT ROWID;

CREATE INDEX member_login ON member (login);

CREATE TABLE participant (
deal_id INTEGER NOT NULL,
number INTEGER NOT NULL,
contact_id INTEGER NOT NULL,
role TEXT,
attitude TEXT,
CONSTRAINT participant_pkey PRIMARY KEY (deal_id, number),
CONSTRAINT participant_attitude CHECK ("attitude" IN ('for', 'neutral', 'against')),
CONSTRAINT participant_contact_id_fkey FOREIGN KEY(contact_id) REFERENCES contact (id),
CONSTRAINT participant_deal_id_fkey FOREIGN KEY(deal_id) REFERENCES deal (id)
)
WITHOUT ROWID;

CREATE INDEX participant_contact_id ON participant (contact_id);

CREATE TABLE proposal (
id INTEGER NOT NULL,
noun TEXT NOT NULL,
deal_id INTEGER,
customer_id INTEGER,
changes TEXT NOT NULL,
source TEXT NOT NULL,
evidence TEXT,
cause TEXT,
state TEXT NOT NULL,
decided_by TEXT,
decided_at INTEGER,
reason TEXT,
external_id TEXT,
system TEXT,
created_at INTEGER NOT NULL,
created_by TEXT NOT NULL,
standing TEXT NOT NULL,
version INTEGER NOT NULL,
CONSTRAINT proposal_pkey PRIMARY KEY (id),
CONSTRAINT proposal_standing CHECK ("standing" IN ('live', 'archived', 'withdrawn', 'merged')),
CONSTRAINT proposal_state CHECK ("state" IN ('open', 'accepted', 'declined', 'stale')),
CONSTRAINT proposal_customer_id_fkey FOREIGN KEY(customer_id) REFERENCES customer (id),
CONSTRAINT proposal_deal_id_fkey FOREIGN KEY(deal_id) REFERENCES deal (id)
);

CREATE INDEX proposal_cause ON proposal (cause);

CREATE INDEX proposal_deal_id ON proposal (deal_id);

CREATE INDEX proposal_open ON proposal (id) WHERE state = 'open';

CREATE INDEX proposal_standing ON proposal (standing) WHERE standing <> 'live';

CREATE TABLE rival (
deal_id INTEGER NOT NULL,
number INTEGER NOT NULL,
name TEXT NOT NULL,
price INTEGER,
CONSTRAINT rival_pkey PRIMARY KEY (deal_id, number),
CONSTRAINT rival_price CHECK (price >= 0),
CONSTRAINT rival_deal_id_fkey FOREIGN KEY(deal_id) REFERENCES deal (id)
)
WITHOUT ROWID;

CREATE TABLE tenure (
deal_id INTEGER NOT NULL,
number INTEGER NOT NULL,
owner TEXT,
began_at INTEGER,
ended_at INTEGER,
given_by TEXT NOT NULL,
how TEXT NOT NULL,
reason TEXT,
CONSTRAINT tenure_pkey PRIMARY KEY (deal_id, number),
CONSTRAINT tenure_deal_id_fkey FOREIGN KEY(deal_id) REFERENCES deal (id),
CONSTRAINT tenure_owner_fkey FOREIGN KEY(owner) REFERENCES user_account (login)
)
WITHOUT ROWID;

CREATE INDEX tenure_how ON tenure (how, owner, began_at, deal_id);

CREATE INDEX tenure_owner ON tenure (owner, began_at);

CREATE TABLE task (
id INTEGER NOT NULL,
title TEXT NOT NULL,
kind TEXT NOT NULL,
deal_id INTEGER,
customer_id INTEGER,
assignee TEXT,
role TEXT,
due_on TEXT,
due_at INTEGER,
promised_on TEXT,
promised_at INTEGER,
moves INTEGER NOT NULL,
state TEXT NOT NULL,
origin TEXT,
must_id INTEGER,
repeat TEXT,
anchor TEXT,
skipped INTEGER NOT NULL,
done_at INTEGER,
done_by TEXT,
reason TEXT,
activity_id INTEGER,
late_at INTEGER,
late_by TEXT,
wake_at INTEGER,
tags TEXT NOT NULL,
extra TEXT NOT NULL,
external_id TEXT,
system TEXT,
created_at INTEGER NOT NULL,
created_by TEXT NOT NULL,
standing TEXT NOT NULL,
version INTEGER NOT NULL,
search_key TEXT NOT NULL,
CONSTRAINT task_pkey PRIMARY KEY (id),
CONSTRAINT task_kind CHECK ("kind" IN ('todo', 'follow', 'deadline', 'stage', 'survey', 'rescue', 'conflict', 'handover')),
CONSTRAINT task_standing CHECK ("standing" IN ('live', 'archived', 'withdrawn', 'merged')),
CONSTRAINT task_state CHECK ("state" IN ('open', 'done', 'waived', 'cancelled')),
CONSTRAINT task_moves CHECK (moves >= 0),
CONSTRAINT task_skipped CHECK (skipped >= 0),
CONSTRAINT task_activity_id_fkey FOREIGN KEY(activity_id) REFERENCES activity (id),
CONSTRAINT task_assignee_fkey FOREIGN KEY(assignee) REFERENCES user_account (login),
CONSTRAINT task_customer_id_fkey FOREIGN KEY(customer_id) REFERENCES customer (id),
CONSTRAINT task_deal_id_fkey FOREIGN KEY(deal_id) REFERENCES deal (id),
CONSTRAINT task_must_id_fkey FOREIGN KEY(must_id) REFERENCES stage (id)
);

CREATE INDEX task_assignee ON task (assignee) WHERE state = 'open' AND assignee IS NOT NULL;

CREATE INDEX task_role ON task (role) WHERE state = 'open' AND role IS NOT NULL;

CREATE INDEX task_customer_id ON task (customer_id);

CREATE INDEX task_deal_id ON task (deal_id);

CREATE INDEX task_due_at ON task (due_at) WHERE state = 'open' AND due_at IS NOT NULL AND late_at IS NULL;

CREATE INDEX task_due_on ON task (due_on) WHERE state = 'open' AND due_on IS NOT NULL AND late_at IS NULL;

CREATE UNIQUE INDEX task_external_id ON task (system, external_id) WHERE standing <> 'withdrawn';

CREATE UNIQUE INDEX task_follow ON task (deal_id) WHERE kind = 'follow' AND state = 'open' AND standing <> 'withdrawn';

CREATE INDEX task_wake ON task (wake_at) WHERE wake_at IS NOT NULL;

CREATE INDEX task_standing ON task (standing) WHERE standing <> 'live';

CREATE INDEX deal_merged_into ON deal (merged_into) WHERE merged_into IS NOT NULL;

CREATE INDEX deal_renewal_of ON deal (renewal_of) WHERE renewal_of IS NOT NULL;

CREATE INDEX customer_key ON customer ("key");

CREATE UNIQUE INDEX customer_external_id ON customer (system, external_id) WHERE standing <> 'withdrawn';

CREATE INDEX customer_merged_into ON customer (merged_into) WHERE merged_into IS NOT NULL;

CREATE INDEX customer_owner ON customer (owner) WHERE owner IS NOT NULL;

CREATE TABLE delegation (
id INTEGER NOT NULL,
frm TEXT NOT NULL,
"to" TEXT,
starts_at INTEGER NOT NULL,
ends_at INTEGER NOT NULL,
types TEXT NOT NULL,
max_amount INTEGER,
reason TEXT,
created_at INTEGER NOT NULL,
created_by TEXT NOT NULL,
version INTEGER NOT NULL,
CONSTRAINT delegation_pkey PRIMARY KEY (id),
CONSTRAINT delegation_window CHECK (ends_at >= starts_at),
CONSTRAINT delegation_people CHECK (frm <> "to"),
CONSTRAINT delegation_max_amount CHECK (max_amount >= 0),
CONSTRAINT delegation_frm_fkey FOREIGN KEY(frm) REFERENCES user_account (login),
CONSTRAINT delegation_to_fkey FOREIGN KEY("to") REFERENCES user_account (login)
);

CREATE INDEX delegation_frm ON delegation (frm);

CREATE INDEX delegation_to ON delegation ("to");

CREATE TABLE payment (
id INTEGER NOT NULL,
kind TEXT NOT NULL,
deal_id INTEGER,
customer_id INTEGER,
"on" TEXT,
sign_days INTEGER,
amount INTEGER NOT NULL,
currency TEXT NOT NULL,
ref TEXT,
external_id TEXT,
system TEXT,
created_at INTEGER NOT NULL,
created_by TEXT NOT NULL,
voided_at INTEGER,
version INTEGER NOT NULL,
CONSTRAINT payment_pkey PRIMARY KEY (id),
CONSTRAINT payment_kind CHECK ("kind" IN ('due', 'received')),
CONSTRAINT payment_due CHECK (kind <> 'due' OR amount > 0),
CONSTRAINT payment_received CHECK (kind <> 'received' OR "on" IS NOT NULL),
CONSTRAINT payment_dated CHECK ("on" IS NOT NULL OR sign_days IS NOT NULL),
CONSTRAINT payment_currency CHECK (length(currency) = 3),
CONSTRAINT payment_whose CHECK ((deal_id IS NULL) <> (customer_id IS NULL)),
CONSTRAINT payment_customer_id_fkey FOREIGN KEY(customer_id) REFERENCES customer (id),
CONSTRAINT payment_deal_id_fkey FOREIGN KEY(deal_id) REFERENCES deal (id)
);

CREATE UNIQUE INDEX payment_external_id ON payment (system, external_id) WHERE voided_at IS NULL AND external_id IS NOT NULL;

CREATE TABLE rate (
id INTEGER NOT NULL,
base TEXT NOT NULL,
currency TEXT NOT NULL,
day TEXT NOT NULL,
rate TEXT NOT NULL,
created_at INTEGER NOT NULL,
created_by TEXT NOT NULL,
standing TEXT NOT NULL,
version INTEGER NOT NULL,
CONSTRAINT rate_pkey PRIMARY KEY (id),
CONSTRAINT rate_standing CHECK ("standing" IN ('live', 'archived', 'withdrawn', 'merged'))
);

CREATE UNIQUE INDEX rate_pair ON rate (base, currency, day) WHERE standing <> 'withdrawn';

CREATE INDEX rate_standing ON rate (standing) WHERE standing <> 'live';

CREATE TABLE price (
id INTEGER NOT NULL,
sku TEXT NOT NULL,
name TEXT NOT NULL,
unit TEXT,
currency TEXT NOT NULL,
list INTEGER NOT NULL,
floor INTEGER,
cost INTEGER,
tax INTEGER,
from_on TEXT NOT NULL,
to_on TEXT,
external_id TEXT,
system TEXT,
created_at INTEGER NOT NULL,
created_by TEXT NOT NULL,
standing TEXT NOT NULL,
version INTEGER NOT NULL,
CONSTRAINT price_pkey PRIMARY KEY (id),
CONSTRAINT price_standing CHECK ("standing" IN ('live', 'archived', 'withdrawn', 'merged')),
CONSTRAINT price_cost CHECK (cost >= 0),
CONSTRAINT price_floor CHECK (floor >= 0),
CONSTRAINT price_list CHECK (list >= 0),
CONSTRAINT price_tax CHECK (tax BETWEEN 0 AND 1000000)
);

CREATE UNIQUE INDEX price_external_id ON price (system, external_id) WHERE standing <> 'withdrawn';

CREATE UNIQUE INDEX price_sku ON price (sku, currency, from_on) WHERE standing <> 'withdrawn';

CREATE INDEX price_standing ON price (standing) WHERE standing <> 'live';

CREATE TABLE quote (
id INTEGER NOT NULL,
deal_id INTEGER NOT NULL,
standing TEXT NOT NULL,
version INTEGER NOT NULL,
CONSTRAINT quote_pkey PRIMARY KEY (id),
CONSTRAINT quote_standing CHECK ("standing" IN ('live', 'archived', 'withdrawn', 'merged')),
CONSTRAINT quote_deal_id CHECK (id = deal_id),
CONSTRAINT quote_deal_id_fkey FOREIGN KEY(deal_id) REFERENCES deal (id),
CONSTRAINT quote_deal_id_key UNIQUE (deal_id)
);

CREATE INDEX quote_standing ON quote (standing) WHERE standing <> 'live';

CREATE TABLE quoteversion (
quote_id INTEGER NOT NULL,
number INTEGER NOT NULL,
currency TEXT NOT NULL,
opened_on TEXT NOT NULL,
opened_at INTEGER NOT NULL,
opened_by TEXT NOT NULL,
valid_until TEXT,
terms TEXT,
used_at INTEGER,
frozen_at INTEGER,
hash TEXT NOT NULL,
sent TEXT NOT NULL,
accepted_on TEXT,
accepted_at INTEGER,
accepted_by TEXT,
accepted_note TEXT,
CONSTRAINT quoteversion_pkey PRIMARY KEY (quote_id, number),
CONSTRAINT quoteversion_currency CHECK (length(currency) = 3),
CONSTRAINT quoteversion_number CHECK (number >= 1),
CONSTRAINT quoteversion_quote_id_fkey FOREIGN KEY(quote_id) REFERENCES quote (id)
)
WITHOUT ROWID;

CREATE TABLE line (
quote_id INTEGER NOT NULL,
quoteversion INTEGER NOT NULL,
position INTEGER NOT NULL,
sku TEXT,
item TEXT NOT NULL,
qty INTEGER NOT NULL,
unit TEXT,
list INTEGER,
floor INTEGER,
cost INTEGER,
price INTEGER,
discount INTEGER,
tax INTEGER NOT NULL,
note TEXT,
CONSTRAINT line_pkey PRIMARY KEY (quote_id, quoteversion, position),
CONSTRAINT line_discount CHECK (discount BETWEEN 0 AND 1000000),
CONSTRAINT line_position CHECK (position >= 1),
CONSTRAINT line_tax CHECK (tax BETWEEN 0 AND 1000000),
CONSTRAINT line_quote_id_quoteversion_fkey FOREIGN KEY(quote_id, quoteversion) REFERENCES quoteversion (quote_id, number)
)
WITHOUT ROWID;

CREATE INDEX line_sku ON line (sku) WHERE sku IS NOT NULL;

CREATE INDEX deal_origin ON deal (origin) WHERE origin IS NOT NULL;

CREATE INDEX payment_deal_id ON payment (deal_id, voided_at, currency, kind, "on", amount);

CREATE INDEX payment_customer_id ON payment (customer_id, voided_at, currency, kind, "on", amount) WHERE customer_id IS NOT NULL;

CREATE TABLE question (
request_id INTEGER NOT NULL,
number INTEGER NOT NULL,
step INTEGER NOT NULL,
"by" TEXT NOT NULL,
"to" TEXT NOT NULL,
text TEXT NOT NULL,
at INTEGER NOT NULL,
answer TEXT,
answered_by TEXT,
answered_at INTEGER,
CONSTRAINT question_pkey PRIMARY KEY (request_id, number),
CONSTRAINT question_request_id_fkey FOREIGN KEY(request_id) REFERENCES request (id)
)
WITHOUT ROWID;

CREATE INDEX question_open ON question ("to") WHERE answered_at IS NULL;

CREATE TABLE term (
request_id INTEGER NOT NULL,
number INTEGER NOT NULL,
decision INTEGER NOT NULL,
text TEXT NOT NULL,
test TEXT,
before_id INTEGER NOT NULL,
state TEXT NOT NULL,
closed_by TEXT,
closed_at INTEGER,
why TEXT,
file TEXT,
CONSTRAINT term_pkey PRIMARY KEY (request_id, number),
CONSTRAINT term_state CHECK ("state" IN ('open', 'met', 'waived', 'lapsed')),
CONSTRAINT term_before_id_fkey FOREIGN KEY(before_id) REFERENCES stage (id),
CONSTRAINT term_request_id_fkey FOREIGN KEY(request_id) REFERENCES request (id)
)
WITHOUT ROWID;

CREATE TABLE "step" (
request_id INTEGER NOT NULL,
revision INTEGER NOT NULL,
position INTEGER NOT NULL,
"group" INTEGER NOT NULL,
name TEXT NOT NULL,
state TEXT NOT NULL,
together TEXT,
rule TEXT NOT NULL,
need INTEGER NOT NULL,
who TEXT NOT NULL,
stand_in TEXT NOT NULL,
veto TEXT NOT NULL,
must TEXT NOT NULL,
fresh INTEGER NOT NULL,
calendar TEXT NOT NULL,
sla_ms INTEGER NOT NULL,
on_timeout TEXT NOT NULL,
on_reject TEXT NOT NULL,
opened_at INTEGER,
closed_at INTEGER,
due_at INTEGER,
resumed_at INTEGER,
used_ms INTEGER NOT NULL,
remaining_ms INTEGER,
breached_at INTEGER,
level INTEGER NOT NULL,
reminded TEXT NOT NULL,
added_by TEXT,
"like" TEXT, share INTEGER,
CONSTRAINT step_pkey PRIMARY KEY (request_id, revision, position),
CONSTRAINT step_rule CHECK ("rule" IN ('any', 'all', 'at_least')),
CONSTRAINT step_state CHECK ("state" IN ('waiting', 'open', 'approved', 'rejected', 'cancelled', 'redone')),
CONSTRAINT step_need CHECK (need >= 1),
CONSTRAINT step_request_id_revision_fkey FOREIGN KEY(request_id, revision) REFERENCES revision (request_id, number)
)
WITHOUT ROWID;

CREATE INDEX step_open ON step (due_at, state) WHERE state = 'open';

CREATE TABLE fact (
id INTEGER NOT NULL,
customer_id INTEGER NOT NULL,
name TEXT NOT NULL,
value TEXT NOT NULL,
currency TEXT,
as_of TEXT NOT NULL,
source TEXT NOT NULL,
file_id INTEGER,
at INTEGER NOT NULL,
"by" TEXT NOT NULL,
version INTEGER NOT NULL,
CONSTRAINT fact_pkey PRIMARY KEY (id),
CONSTRAINT fact_currency CHECK (length(currency) = 3),
CONSTRAINT fact_customer_id_fkey FOREIGN KEY(customer_id) REFERENCES customer (id),
CONSTRAINT fact_file_id_fkey FOREIGN KEY(file_id) REFERENCES file (id)
);

CREATE INDEX fact_customer_id ON fact (customer_id, name, as_of);

CREATE TABLE contract (
id INTEGER NOT NULL,
deal_id INTEGER NOT NULL,
standing TEXT NOT NULL,
version INTEGER NOT NULL,
CONSTRAINT contract_pkey PRIMARY KEY (id),
CONSTRAINT contract_standing CHECK ("standing" IN ('live', 'archived', 'withdrawn', 'merged')),
CONSTRAINT contract_deal_id CHECK (id = deal_id),
CONSTRAINT contract_deal_id_fkey FOREIGN KEY(deal_id) REFERENCES deal (id),
CONSTRAINT contract_deal_id_key UNIQUE (deal_id)
);

CREATE INDEX contract_standing ON contract (standing) WHERE standing <> 'live';

CREATE TABLE contractversion (
contract_id INTEGER NOT NULL,
number INTEGER NOT NULL,
file TEXT NOT NULL,
sha256 TEXT NOT NULL,
amount INTEGER,
currency TEXT NOT NULL,
starts_on TEXT,
ends_on TEXT,
opened_at INTEGER NOT NULL,
opened_by TEXT NOT NULL,
frozen_at INTEGER,
hash TEXT NOT NULL,
signed_on TEXT,
signer TEXT,
signed_at INTEGER,
signed_by TEXT,
scan TEXT,
CONSTRAINT contractversion_pkey PRIMARY KEY (contract_id, number),
CONSTRAINT contractversion_amount CHECK (amount >= 0),
CONSTRAINT contractversion_currency CHECK (length(currency) = 3),
CONSTRAINT contractversion_number CHECK (number >= 1),
CONSTRAINT contractversion_scan CHECK (signed_on IS NULL OR scan IS NOT NULL),
CONSTRAINT contractversion_contract_id_fkey FOREIGN KEY(contract_id) REFERENCES contract (id)
)
WITHOUT ROWID;

CREATE TABLE clause (
contract_id INTEGER NOT NULL,
contractversion INTEGER NOT NULL,
position INTEGER NOT NULL,
name TEXT NOT NULL,
who TEXT NOT NULL,
state TEXT NOT NULL,
answered_by TEXT,
answered_at INTEGER,
text TEXT,
kept_from INTEGER,
CONSTRAINT clause_pkey PRIMARY KEY (contract_id, contractversion, position),
CONSTRAINT clause_state CHECK ("state" IN ('open', 'ok', 'deviates', 'missing')),
CONSTRAINT clause_position CHECK (position >= 1),
CONSTRAINT clause_contract_id_contractversion_fkey FOREIGN KEY(contract_id, contractversion) REFERENCES contractversion (contract_id, number)
)
WITHOUT ROWID;

CREATE TABLE code (
id INTEGER NOT NULL,
hash TEXT NOT NULL,
request_id INTEGER NOT NULL,
revision INTEGER NOT NULL,
step INTEGER NOT NULL,
seat INTEGER NOT NULL,
login TEXT NOT NULL,
kind TEXT NOT NULL,
shown TEXT NOT NULL,
at INTEGER NOT NULL,
ends_at INTEGER NOT NULL,
spent_at INTEGER,
answer TEXT,
CONSTRAINT code_pkey PRIMARY KEY (id),
CONSTRAINT code_kind CHECK ("kind" IN ('mail', 'packet')),
CONSTRAINT code_spent CHECK (spent_at IS NULL OR spent_at <= ends_at),
CONSTRAINT code_login_fkey FOREIGN KEY(login) REFERENCES user_account (login),
CONSTRAINT code_request_id_fkey FOREIGN KEY(request_id) REFERENCES request (id),
CONSTRAINT code_hash_key UNIQUE (hash)
);

CREATE INDEX code_live ON code (login, request_id) WHERE spent_at IS NULL;

CREATE TABLE cost (
id INTEGER NOT NULL,
source TEXT NOT NULL,
first TEXT NOT NULL,
last TEXT NOT NULL,
amount INTEGER NOT NULL,
currency TEXT NOT NULL,
created_at INTEGER NOT NULL,
created_by TEXT NOT NULL,
standing TEXT NOT NULL,
version INTEGER NOT NULL,
CONSTRAINT cost_pkey PRIMARY KEY (id),
CONSTRAINT cost_standing CHECK ("standing" IN ('live', 'archived', 'withdrawn', 'merged')),
CONSTRAINT cost_amount CHECK (amount >= 0),
CONSTRAINT cost_days CHECK (first <= last)
);

CREATE UNIQUE INDEX cost_of ON cost (source, first, last, currency) WHERE standing <> 'withdrawn';

CREATE INDEX cost_standing ON cost (standing) WHERE standing <> 'live';

CREATE TABLE target (
id INTEGER NOT NULL,
who TEXT NOT NULL,
month TEXT NOT NULL,
measure TEXT NOT NULL,
target TEXT NOT NULL,
stretch TEXT,
top TEXT,
currency TEXT,
created_at INTEGER NOT NULL,
created_by TEXT NOT NULL,
standing TEXT NOT NULL,
version INTEGER NOT NULL,
CONSTRAINT target_pkey PRIMARY KEY (id),
CONSTRAINT target_money CHECK ((currency IS NOT NULL) = (measure IN ('won_amount', 'received'))),
CONSTRAINT target_measure CHECK ("measure" IN ('won_amount', 'won', 'leads', 'qualified', 'activities', 'received')),
CONSTRAINT target_standing CHECK ("standing" IN ('live', 'archived', 'withdrawn', 'merged'))
);

CREATE UNIQUE INDEX target_of ON target (who, month, measure) WHERE standing <> 'withdrawn';

CREATE INDEX target_standing ON target (standing) WHERE standing <> 'live';

CREATE TABLE point (
id INTEGER NOT NULL,
login TEXT NOT NULL,
points INTEGER NOT NULL,
kind TEXT NOT NULL,
reason TEXT NOT NULL,
given_at INTEGER NOT NULL,
given_by TEXT NOT NULL,
version INTEGER NOT NULL,
CONSTRAINT point_pkey PRIMARY KEY (id),
CONSTRAINT point_points CHECK (points <> 0),
CONSTRAINT point_login_fkey FOREIGN KEY(login) REFERENCES user_account (login)
);

CREATE INDEX point_login ON point (login);

CREATE TABLE judgement (
id INTEGER NOT NULL,
deal_id INTEGER,
owner TEXT,
month TEXT,
amount INTEGER,
category TEXT,
expected_close TEXT,
change INTEGER,
currency TEXT,
reason TEXT NOT NULL,
judged_at INTEGER NOT NULL,
judged_by TEXT NOT NULL,
standing TEXT NOT NULL,
version INTEGER NOT NULL,
CONSTRAINT judgement_pkey PRIMARY KEY (id),
CONSTRAINT judgement_category CHECK ("category" IN ('pipeline', 'best', 'commit', 'omitted')),
CONSTRAINT judgement_standing CHECK ("standing" IN ('live', 'archived', 'withdrawn', 'merged')),
CONSTRAINT judgement_of CHECK ((deal_id IS NULL) = (owner IS NOT NULL AND month IS NOT NULL AND change IS NOT NULL)),
CONSTRAINT judgement_amount CHECK (amount >= 0),
CONSTRAINT judgement_deal_id_fkey FOREIGN KEY(deal_id) REFERENCES deal (id),
CONSTRAINT judgement_owner_fkey FOREIGN KEY(owner) REFERENCES user_account (login)
);

CREATE INDEX judgement_deal_id ON judgement (deal_id);

CREATE INDEX judgement_owner_month ON judgement (owner, month);

CREATE INDEX judgement_standing ON judgement (standing) WHERE standing <> 'live';

CREATE TABLE forecast (
id INTEGER NOT NULL,
month TEXT NOT NULL,
team TEXT,
currency TEXT NOT NULL,
committed INTEGER,
best INTEGER,
submitted_at INTEGER NOT NULL,
submitted_by TEXT NOT NULL,
version INTEGER NOT NULL,
CONSTRAINT forecast_pkey PRIMARY KEY (id),
CONSTRAINT forecast_currency CHECK (length(currency) = 3),
CONSTRAINT forecast_team_fkey FOREIGN KEY(team) REFERENCES user_account (login)
);

CREATE INDEX forecast_month_team_submitted_at ON forecast (month, team, submitted_at);

CREATE TABLE forecastline (
forecast_id INTEGER NOT NULL,
number INTEGER NOT NULL,
deal_id INTEGER NOT NULL,
category TEXT NOT NULL,
amount INTEGER,
currency TEXT NOT NULL,
probability INTEGER NOT NULL,
expected_close TEXT,
rate TEXT,
CONSTRAINT forecastline_pkey PRIMARY KEY (forecast_id, number),
CONSTRAINT forecastline_category CHECK ("category" IN ('pipeline', 'best', 'commit', 'omitted', 'closed')),
CONSTRAINT forecastline_probability CHECK (probability BETWEEN 0 AND 100),
CONSTRAINT forecastline_deal_id_fkey FOREIGN KEY(deal_id) REFERENCES deal (id),
CONSTRAINT forecastline_forecast_id_fkey FOREIGN KEY(forecast_id) REFERENCES forecast (id)
)
WITHOUT ROWID;

CREATE TRIGGER forecast_no_update BEFORE UPDATE ON forecast BEGIN SELECT RAISE(ABORT, 'a submitted forecast cannot be changed'); END;

CREATE TRIGGER forecast_no_delete BEFORE DELETE ON forecast BEGIN SELECT RAISE(ABORT, 'a submitted forecast cannot be changed'); END;

CREATE TRIGGER forecast_no_replace BEFORE INSERT ON forecast WHEN EXISTS (SELECT 1 FROM forecast WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'a submitted forecast cannot be changed'); END;

CREATE TRIGGER forecastline_no_update BEFORE UPDATE ON forecastline BEGIN SELECT RAISE(ABORT, 'a submitted forecast cannot be changed'); END;

CREATE TRIGGER forecastline_no_delete BEFORE DELETE ON forecastline BEGIN SELECT RAISE(ABORT, 'a submitted forecast cannot be changed'); END;

CREATE TRIGGER forecastline_no_replace BEFORE INSERT ON forecastline WHEN EXISTS (SELECT 1 FROM forecastline WHERE forecast_id = NEW.forecast_id AND number = NEW.number) BEGIN SELECT RAISE(ABORT, 'a submitted forecast cannot be changed'); END;

CREATE TRIGGER point_no_update BEFORE UPDATE ON point BEGIN SELECT RAISE(ABORT, 'points cannot be changed'); END;

CREATE TRIGGER point_no_delete BEFORE DELETE ON point BEGIN SELECT RAISE(ABORT, 'points cannot be changed'); END;

CREATE TRIGGER point_no_replace BEFORE INSERT ON point WHEN EXISTS (SELECT 1 FROM point WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'points cannot be changed'); END;

CREATE UNIQUE INDEX judgement_of_deal ON judgement (deal_id, judged_by) WHERE standing <> 'withdrawn' AND deal_id IS NOT NULL;

CREATE UNIQUE INDEX judgement_of_month ON judgement (owner, month, judged_by) WHERE standing <> 'withdrawn' AND owner IS NOT NULL;

CREATE TRIGGER forecastline_no_more BEFORE INSERT ON forecastline WHEN EXISTS (SELECT 1 FROM journal WHERE noun = 'forecast' AND noun_id = CAST(NEW.forecast_id AS TEXT)) BEGIN SELECT RAISE(ABORT, 'a submitted forecast cannot be changed'); END;

CREATE INDEX deal_owner ON deal (owner, customer_id);

CREATE INDEX deal_closed ON deal (currency, closed_at, amount, stage_id);

CREATE INDEX activity_at ON activity (at);

INSERT INTO alembic_version VALUES ('0033');
