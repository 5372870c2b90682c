CREATE TABLE counter (
    name TEXT NOT NULL,
    value INTEGER NOT NULL,
    CONSTRAINT pk_counter PRIMARY KEY (name)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE daemon (
    id INTEGER NOT NULL,
    pid INTEGER NOT NULL,
    host TEXT NOT NULL,
    since_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    info TEXT NOT NULL,
    CONSTRAINT pk_daemon PRIMARY KEY (id),
    CONSTRAINT ck_daemon_only_one CHECK (id = 1)
)
 STRICT;

CREATE TABLE digest (
    id INTEGER NOT NULL,
    subscription TEXT NOT NULL,
    slot_key TEXT NOT NULL,
    slot_at INTEGER NOT NULL,
    period_from_at INTEGER NOT NULL,
    period_to_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    claimed_at INTEGER NOT NULL,
    rendered_at INTEGER,
    done_at INTEGER,
    summary TEXT,
    CONSTRAINT pk_digest PRIMARY KEY (id),
    CONSTRAINT uq_digest_subscription_slot_key UNIQUE (subscription, slot_key),
    CONSTRAINT ck_digest_state CHECK (state IN ('claimed', 'rendered', 'done'))
)
 STRICT;

CREATE TABLE match_key (
    "key" INTEGER NOT NULL,
    owner INTEGER NOT NULL,
    CONSTRAINT pk_match_key PRIMARY KEY ("key", owner)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE project (
    id INTEGER NOT NULL,
    public_id TEXT NOT NULL,
    title TEXT NOT NULL,
    sentence TEXT NOT NULL,
    language TEXT NOT NULL,
    band TEXT NOT NULL,
    confidence INTEGER NOT NULL,
    first_seen_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    confirmed_at INTEGER,
    articles INTEGER NOT NULL,
    facts BLOB NOT NULL,
    iati_id TEXT,
    merged_into_id INTEGER,
    CONSTRAINT pk_project PRIMARY KEY (id),
    CONSTRAINT ck_project_band CHECK (band IN ('yes', 'maybe')),
    CONSTRAINT ck_project_not_into_itself CHECK (merged_into_id <> id),
    CONSTRAINT uq_project_public_id UNIQUE (public_id),
    CONSTRAINT fk_project_merged_into_id FOREIGN KEY(merged_into_id) REFERENCES project (id)
)
 STRICT;

CREATE TABLE run (
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    finished_at INTEGER,
    outcome TEXT,
    pid INTEGER NOT NULL,
    host TEXT NOT NULL,
    summary TEXT,
    CONSTRAINT pk_run PRIMARY KEY (id),
    CONSTRAINT ck_run_outcome CHECK (outcome IN ('done', 'stopped', 'failed'))
)
 STRICT;

CREATE TABLE setting (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT pk_setting PRIMARY KEY (name)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE source (
    id INTEGER NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    host TEXT NOT NULL,
    tags TEXT NOT NULL,
    languages TEXT NOT NULL,
    is_active INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    etag TEXT,
    last_modified TEXT,
    content_hash TEXT,
    next_due_at INTEGER NOT NULL,
    interval_seconds INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    failing_since_at INTEGER,
    last_polled_at INTEGER,
    last_success_at INTEGER,
    last_news_at INTEGER,
    news_gap_seconds INTEGER,
    entries_in_last INTEGER,
    redirect_to TEXT,
    redirects_seen INTEGER NOT NULL,
    fingerprints BLOB,
    status TEXT,
    http_status INTEGER,
    error_kind TEXT,
    error_text TEXT,
    note TEXT,
    recovered_at INTEGER,
    failed_from_at INTEGER,
    entries INTEGER NOT NULL,
    articles INTEGER NOT NULL,
    CONSTRAINT pk_source PRIMARY KEY (id),
    CONSTRAINT ck_source_status CHECK (status IN ('changed', 'unchanged', 'failed', 'gone')),
    CONSTRAINT uq_source_name UNIQUE (name)
)
 STRICT;

CREATE TABLE story (
    id INTEGER NOT NULL,
    title TEXT NOT NULL,
    topic TEXT NOT NULL,
    language TEXT NOT NULL,
    first_seen_at INTEGER NOT NULL,
    CONSTRAINT pk_story PRIMARY KEY (id)
)
 STRICT;

CREATE TABLE announcement (
    subscription TEXT NOT NULL,
    project_id INTEGER NOT NULL,
    digest_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_announcement PRIMARY KEY (subscription, project_id),
    CONSTRAINT fk_announcement_project_id FOREIGN KEY(project_id) REFERENCES project (id),
    CONSTRAINT fk_announcement_digest_id FOREIGN KEY(digest_id) REFERENCES digest (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE article (
    id INTEGER NOT NULL,
    canonical_url TEXT NOT NULL,
    url TEXT NOT NULL,
    host TEXT NOT NULL,
    title TEXT NOT NULL,
    language TEXT NOT NULL,
    outlet TEXT NOT NULL,
    published_at INTEGER,
    published_precision TEXT NOT NULL,
    registered_at INTEGER NOT NULL,
    read_from TEXT NOT NULL,
    read_note TEXT,
    is_news INTEGER NOT NULL,
    is_relevant INTEGER NOT NULL,
    relevance INTEGER NOT NULL,
    relevance_band TEXT NOT NULL,
    is_new_project INTEGER NOT NULL,
    new_project_probability INTEGER NOT NULL,
    new_project_band TEXT NOT NULL,
    topic TEXT NOT NULL,
    verdict BLOB NOT NULL,
    outcome TEXT NOT NULL,
    reason TEXT,
    copy_of_id INTEGER,
    project_id INTEGER,
    story_id INTEGER,
    CONSTRAINT pk_article PRIMARY KEY (id),
    CONSTRAINT ck_article_published_precision CHECK (published_precision IN ('year', 'month', 'day')),
    CONSTRAINT ck_article_read_from CHECK (read_from IN ('page', 'summary', 'import')),
    CONSTRAINT ck_article_relevance_band CHECK (relevance_band IN ('yes', 'maybe', 'no')),
    CONSTRAINT ck_article_new_project_band CHECK (new_project_band IN ('yes', 'maybe', 'no')),
    CONSTRAINT uq_article_canonical_url UNIQUE (canonical_url),
    CONSTRAINT fk_article_copy_of_id FOREIGN KEY(copy_of_id) REFERENCES article (id),
    CONSTRAINT fk_article_project_id FOREIGN KEY(project_id) REFERENCES project (id),
    CONSTRAINT fk_article_story_id FOREIGN KEY(story_id) REFERENCES story (id)
)
 STRICT;

CREATE TABLE delivery (
    id INTEGER NOT NULL,
    digest_id INTEGER NOT NULL,
    subscription TEXT NOT NULL,
    recipient TEXT NOT NULL,
    message_id TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    may_be_repeated INTEGER NOT NULL,
    error TEXT,
    message BLOB,
    CONSTRAINT pk_delivery PRIMARY KEY (id),
    CONSTRAINT uq_delivery_digest_id_recipient UNIQUE (digest_id, recipient),
    CONSTRAINT ck_delivery_state CHECK (state IN ('pending', 'sending', 'sent', 'failed', 'cancelled')),
    CONSTRAINT fk_delivery_digest_id FOREIGN KEY(digest_id) REFERENCES digest (id)
)
 STRICT;

CREATE TABLE project_relation (
    project_id INTEGER NOT NULL,
    other_id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT pk_project_relation PRIMARY KEY (project_id, other_id, kind),
    CONSTRAINT ck_project_relation_not_to_itself CHECK (project_id <> other_id),
    CONSTRAINT fk_project_relation_project_id FOREIGN KEY(project_id) REFERENCES project (id),
    CONSTRAINT fk_project_relation_other_id FOREIGN KEY(other_id) REFERENCES project (id)
)
 STRICT;

CREATE TABLE announced_article (
    subscription TEXT NOT NULL,
    article_id INTEGER NOT NULL,
    digest_id INTEGER NOT NULL,
    CONSTRAINT pk_announced_article PRIMARY KEY (subscription, article_id),
    CONSTRAINT fk_announced_article_article_id FOREIGN KEY(article_id) REFERENCES article (id),
    CONSTRAINT fk_announced_article_digest_id FOREIGN KEY(digest_id) REFERENCES digest (id)
)
 WITHOUT ROWID,
 STRICT;

CREATE TABLE article_text (
    article_id INTEGER NOT NULL,
    stored_at INTEGER NOT NULL,
    text TEXT NOT NULL,
    CONSTRAINT pk_article_text PRIMARY KEY (article_id),
    CONSTRAINT fk_article_text_article_id FOREIGN KEY(article_id) REFERENCES article (id)
)
 STRICT;

CREATE TABLE decision (
    id INTEGER NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    is_human INTEGER NOT NULL,
    why TEXT NOT NULL,
    what TEXT NOT NULL,
    project_id INTEGER,
    article_id INTEGER,
    CONSTRAINT pk_decision PRIMARY KEY (id),
    CONSTRAINT fk_decision_project_id FOREIGN KEY(project_id) REFERENCES project (id),
    CONSTRAINT fk_decision_article_id FOREIGN KEY(article_id) REFERENCES article (id)
)
 STRICT;

CREATE TABLE entry (
    id INTEGER NOT NULL,
    source_id INTEGER NOT NULL,
    identity TEXT NOT NULL,
    url TEXT NOT NULL,
    canonical_url TEXT NOT NULL,
    host TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    published_at INTEGER,
    language TEXT,
    outlet TEXT,
    content_hash TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    changed_at INTEGER,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at INTEGER NOT NULL,
    error_kind TEXT,
    error_text TEXT,
    article_id INTEGER,
    CONSTRAINT pk_entry PRIMARY KEY (id),
    CONSTRAINT uq_entry_source_id_identity UNIQUE (source_id, identity),
    CONSTRAINT ck_entry_state CHECK (state IN ('waiting', 'done', 'parked')),
    CONSTRAINT ck_entry_done_has_article CHECK (state <> 'done' OR article_id IS NOT NULL),
    CONSTRAINT ck_entry_parked_has_reason CHECK (state <> 'parked' OR error_kind IS NOT NULL),
    CONSTRAINT fk_entry_source_id FOREIGN KEY(source_id) REFERENCES source (id),
    CONSTRAINT fk_entry_article_id FOREIGN KEY(article_id) REFERENCES article (id)
)
 STRICT;

CREATE TABLE signature (
    article_id INTEGER NOT NULL,
    band_0 INTEGER,
    band_1 INTEGER,
    band_2 INTEGER,
    band_3 INTEGER,
    band_4 INTEGER,
    band_5 INTEGER,
    band_6 INTEGER,
    band_7 INTEGER,
    minhash BLOB NOT NULL,
    details TEXT NOT NULL,
    claims TEXT,
    CONSTRAINT pk_signature PRIMARY KEY (article_id),
    CONSTRAINT fk_signature_article_id FOREIGN KEY(article_id) REFERENCES article (id)
)
 STRICT;

CREATE INDEX ix_digest_open ON digest (id) WHERE state <> 'done';

CREATE INDEX ix_digest_slot ON digest (subscription, slot_at);

CREATE INDEX ix_match_key_owner ON match_key (owner);

CREATE INDEX ix_project_confirmed ON project (confirmed_at);

CREATE INDEX ix_project_last_seen ON project (last_seen_at);

CREATE INDEX ix_project_merged ON project (merged_into_id) WHERE merged_into_id IS NOT NULL;

CREATE INDEX ix_run_kind ON run (kind, id);

CREATE INDEX ix_source_due ON source (is_active, next_due_at);

CREATE INDEX ix_story_first_seen ON story (first_seen_at);

CREATE INDEX ix_announcement_digest ON announcement (digest_id);

CREATE INDEX ix_announcement_project ON announcement (project_id);

CREATE INDEX ix_article_copy ON article (copy_of_id) WHERE copy_of_id IS NOT NULL;

CREATE INDEX ix_article_maybe ON article (registered_at) WHERE relevance_band = 'maybe' OR new_project_band = 'maybe';

CREATE INDEX ix_article_project ON article (project_id, registered_at) WHERE project_id IS NOT NULL;

CREATE INDEX ix_article_project_time ON article (registered_at) WHERE project_id IS NOT NULL;

CREATE INDEX ix_article_registered ON article (registered_at);

CREATE INDEX ix_article_relevant ON article (registered_at) WHERE is_relevant = 1;

CREATE INDEX ix_article_story ON article (story_id, registered_at) WHERE story_id IS NOT NULL;

CREATE INDEX ix_delivery_failed ON delivery (finished_at) WHERE state = 'failed';

CREATE INDEX ix_delivery_open ON delivery (next_at) WHERE state IN ('pending', 'sending');

CREATE INDEX ix_delivery_order ON delivery (subscription, recipient, digest_id) WHERE state IN ('pending', 'sending');

CREATE INDEX ix_project_relation_other ON project_relation (other_id);

CREATE INDEX ix_article_text_stored ON article_text (stored_at);

CREATE INDEX ix_decision_article ON decision (article_id) WHERE article_id IS NOT NULL;

CREATE INDEX ix_decision_project ON decision (project_id) WHERE project_id IS NOT NULL;

CREATE INDEX ix_entry_article ON entry (article_id);

CREATE INDEX ix_entry_parked ON entry (id) WHERE state = 'parked';

CREATE INDEX ix_entry_waiting ON entry (host, next_at, id) WHERE state = 'waiting';

CREATE INDEX ix_entry_waiting_url ON entry (canonical_url) WHERE state = 'waiting';

CREATE INDEX ix_signature_band_0 ON signature (band_0);

CREATE INDEX ix_signature_band_1 ON signature (band_1);

CREATE INDEX ix_signature_band_2 ON signature (band_2);

CREATE INDEX ix_signature_band_3 ON signature (band_3);

CREATE INDEX ix_signature_band_4 ON signature (band_4);

CREATE INDEX ix_signature_band_5 ON signature (band_5);

CREATE INDEX ix_signature_band_6 ON signature (band_6);

CREATE INDEX ix_signature_band_7 ON signature (band_7);

CREATE VIRTUAL TABLE article_search USING fts5(title, words, content='', tokenize="unicode61 remove_diacritics 2");

CREATE VIRTUAL TABLE project_search USING fts5(title, words, content='', tokenize="unicode61 remove_diacritics 2");
