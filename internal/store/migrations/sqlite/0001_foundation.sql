-- Times are BIGINT milliseconds since 1970 (…_ms) or microseconds (…_us), UTC.
-- Ids are TEXT with a prefix, but for calls, which are 16 bytes.

CREATE TABLE workspaces (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  is_demo BOOLEAN NOT NULL,
  created_ms BIGINT NOT NULL
);

CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
);

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL UNIQUE, -- lower case
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  workspace_id TEXT NOT NULL, -- where they were last; '': nowhere yet
  created_ms BIGINT NOT NULL,
  last_seen_ms BIGINT NOT NULL
);

CREATE TABLE sessions (
  hash BLOB PRIMARY KEY, -- SHA-256 of the cookie's token
  user_id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE keys (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  hash BLOB NOT NULL UNIQUE, -- SHA-256 of the key
  preview TEXT NOT NULL,
  scope TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  expires_ms BIGINT NOT NULL, -- 0: never
  last_used_ms BIGINT NOT NULL -- 0: not yet
);
CREATE INDEX keys_workspace ON keys (workspace_id);

CREATE TABLE sources (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  name TEXT NOT NULL,
  token TEXT NOT NULL UNIQUE, -- the unguessable part of the URL
  secret BLOB, -- sealed; null when there is none
  hmac TEXT NOT NULL, -- JSON: how the vendor signs, where that can be configured
  allow_unsigned BOOLEAN NOT NULL,
  created_ms BIGINT NOT NULL
);
CREATE INDEX sources_workspace ON sources (workspace_id);
CREATE INDEX sources_provider ON sources (provider);

CREATE TABLE agents (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  source_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  discovered BOOLEAN NOT NULL,
  settings TEXT NOT NULL, -- JSON without secrets
  secrets BLOB, -- sealed JSON of the settings that are secret
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL
);
CREATE INDEX agents_workspace ON agents (workspace_id);

-- Which agent a vendor's agent id means. Merging one agent into another moves
-- its rows here, so that later calls follow.
CREATE TABLE agent_sources (
  workspace_id TEXT NOT NULL,
  source_id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  PRIMARY KEY (workspace_id, source_id)
) WITHOUT ROWID;
CREATE INDEX agent_sources_agent ON agent_sources (agent_id);

-- Every delivery, as it came.
CREATE TABLE inbox (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  workspace_id TEXT NOT NULL,
  call_id BLOB, -- null when it tells of no call
  provider TEXT NOT NULL,
  source_id TEXT NOT NULL, -- '' when it came by a key
  dedupe BLOB NOT NULL, -- what makes two deliveries of a workspace the same: 16 bytes of a hash, the workspace's name in it
  received_us BIGINT NOT NULL,
  event TEXT NOT NULL,
  state TEXT NOT NULL, -- stored, quarantined, ignored
  reason TEXT NOT NULL,
  pointer TEXT NOT NULL,
  context TEXT NOT NULL, -- JSON: what the door knew beside the body
  size BIGINT NOT NULL, -- of the body, unpacked
  body BLOB NOT NULL -- S2
);
CREATE UNIQUE INDEX inbox_dedupe ON inbox (dedupe);
CREATE INDEX inbox_odd ON inbox (workspace_id, state, seq) WHERE state <> 'stored';
CREATE INDEX inbox_source ON inbox (source_id, seq, state) WHERE source_id <> ''; -- what a source brought

-- What was decoded from the deliveries: the facts that a call is made of.
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, -- the delivery's id, a slash and the place in it
  workspace_id TEXT NOT NULL,
  call_seq BIGINT NOT NULL,
  name TEXT NOT NULL,
  authority BIGINT NOT NULL,
  at_ms BIGINT NOT NULL, -- 0: the vendor gives no time
  received_us BIGINT NOT NULL,
  facts BLOB NOT NULL -- packed JSON
);
CREATE INDEX events_call ON events (call_seq);

-- One row for each call: what lists, filters and sums need. ord is the time a
-- call stands at (ms) shifted left by 22 bits, and bits of its id: it is the
-- order of every list and, as the rowid, the order of the table itself.
CREATE TABLE calls (
  ord INTEGER PRIMARY KEY,
  id BLOB NOT NULL UNIQUE,
  seq BIGINT NOT NULL, -- names the call in the tables behind it; grows with time, so that their indices do too
  workspace_id TEXT NOT NULL,
  short_id TEXT NOT NULL, -- the first letters of the id: found by a range of ids
  agent_id TEXT NOT NULL, -- '' when unknown
  provider TEXT NOT NULL,
  provider_call_id TEXT NOT NULL,
  status TEXT NOT NULL,
  direction TEXT NOT NULL,
  last_event TEXT NOT NULL,
  ended_reason TEXT NOT NULL,
  failure_class TEXT NOT NULL,
  ended_by TEXT NOT NULL,
  success BOOLEAN, -- null: nobody says
  from_number TEXT NOT NULL,
  to_number TEXT NOT NULL,
  customer_key TEXT NOT NULL,
  campaign TEXT NOT NULL,
  simulation BOOLEAN NOT NULL,
  has_recording BOOLEAN NOT NULL,
  ended_ms BIGINT NOT NULL, -- 0: not known
  duration_ms BIGINT, -- null: not known
  response_ms DOUBLE, -- claimed median; null: none claimed
  cost DOUBLE, -- null: not known
  currency TEXT NOT NULL,
  received_ms BIGINT NOT NULL,
  heard_ms BIGINT NOT NULL, -- when the newest delivery came
  header TEXT NOT NULL -- JSON: what list items show beside these columns
);
CREATE INDEX calls_agent ON calls (workspace_id, agent_id, status, direction);
CREATE INDEX calls_status ON calls (workspace_id, status, direction, provider, failure_class);
CREATE INDEX calls_reason ON calls (workspace_id, ended_reason);
CREATE INDEX calls_campaign ON calls (workspace_id, campaign) WHERE campaign <> '';
CREATE INDEX calls_open ON calls (heard_ms) WHERE status IN ('queued', 'ringing', 'active');

-- The fold of each call, apart from its row so that lists stay dense. A call
-- that a single event tells has none: that event is its fold.
CREATE TABLE call_states (
  seq INTEGER PRIMARY KEY, -- the call's
  state BLOB NOT NULL -- packed JSON
);

-- Which providers a workspace has calls of: a call's id follows from its
-- provider and the id there.
CREATE TABLE providers (
  workspace_id TEXT NOT NULL,
  provider TEXT NOT NULL,
  PRIMARY KEY (workspace_id, provider)
) WITHOUT ROWID;

CREATE TABLE call_metadata (
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  ord BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, name, value, ord)
) WITHOUT ROWID;

-- A deleted call: deliveries about it change nothing any more.
CREATE TABLE tombstones (
  hash BLOB PRIMARY KEY, -- SHA-256 of the call's id
  deleted_ms BIGINT NOT NULL
) WITHOUT ROWID;

-- What has changed, for the projections that follow.
CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  tx BIGINT NOT NULL DEFAULT 0, -- orders rows where commits can overtake each other
  workspace_id TEXT NOT NULL,
  call_id BLOB NOT NULL,
  was BIGINT NOT NULL -- the call's ord before the change; 0: it was not there
);

CREATE TABLE followers (
  name TEXT PRIMARY KEY,
  tx BIGINT NOT NULL,
  seq BIGINT NOT NULL
);

-- The words of each call, by its ord. Contentless: the text itself is in the
-- call's state. ws holds the workspace's id as one token.
CREATE VIRTUAL TABLE search USING fts5 (
  ws, text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2', detail='full'
);

CREATE TABLE notes (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  call_id BLOB NOT NULL,
  author TEXT NOT NULL,
  text TEXT NOT NULL,
  at_ms BIGINT, -- offset into the call; null: about the whole
  created_ms BIGINT NOT NULL
);
CREATE INDEX notes_call ON notes (call_id);

CREATE TABLE views (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  created_ms BIGINT NOT NULL
);
CREATE INDEX views_workspace ON views (workspace_id);

-- Who did what to the workspace itself.
CREATE TABLE audit (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  actor TEXT NOT NULL, -- a name
  actor_id TEXT NOT NULL, -- a user's or a key's; '': Ringside itself
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  at_ms BIGINT NOT NULL
);
CREATE INDEX audit_workspace ON audit (workspace_id, id);

-- What SQLite's planner is to believe of the calls, in place of an ANALYZE that
-- would have to read them all: most are of one workspace. Without it, it takes
-- a workspace for ten rows, finds all of its calls by an index and sorts them.
-- The numbers are rows in all, then rows for each further column that is given.
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
  ('calls', 'calls_agent', '1000000 1000000 100000 50000 40000'),
  ('calls', 'calls_status', '1000000 1000000 250000 120000 60000 20000'),
  ('calls', 'calls_reason', '1000000 1000000 20000'),
  ('calls', 'calls_campaign', '400000 400000 40000');
ANALYZE sqlite_schema; -- makes this connection read them
