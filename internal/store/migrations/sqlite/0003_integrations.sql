-- What a workspace is connected to beside the vendors: a language model, a CRM.
CREATE TABLE integrations (
  workspace_id TEXT NOT NULL,
  kind TEXT NOT NULL, -- llm, hubspot, salesforce
  settings TEXT NOT NULL, -- JSON without secrets
  secret BLOB, -- sealed; null when there is none
  updated_ms BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, kind)
) WITHOUT ROWID;

-- What language models were asked, by month: the budget is held against it.
CREATE TABLE llm_usage (
  workspace_id TEXT NOT NULL,
  month TEXT NOT NULL, -- 2026-11, UTC
  model TEXT NOT NULL,
  requests BIGINT NOT NULL,
  prompt_tokens BIGINT NOT NULL,
  completion_tokens BIGINT NOT NULL,
  cost_usd DOUBLE NOT NULL, -- of the requests whose model has a price
  PRIMARY KEY (workspace_id, month, model)
) WITHOUT ROWID;

-- Questions that agents could not answer. A gap gathers the ones that ask the
-- same in other words.
CREATE TABLE gaps (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  question TEXT NOT NULL, -- as it was first asked
  words TEXT NOT NULL, -- what it is compared by
  status TEXT NOT NULL, -- open, answered, ignored
  answer TEXT NOT NULL,
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL
);
CREATE INDEX gaps_workspace ON gaps (workspace_id, updated_ms);

CREATE TABLE gap_calls (
  gap_id TEXT NOT NULL,
  call_id BLOB NOT NULL,
  turn BIGINT NOT NULL, -- -1: about the whole call
  question TEXT NOT NULL, -- as it was asked there
  at_ms BIGINT NOT NULL, -- when the call was
  PRIMARY KEY (gap_id, call_id, turn)
) WITHOUT ROWID;
CREATE INDEX gap_calls_call ON gap_calls (call_id);

-- What became of a call in a CRM.
CREATE TABLE crm_syncs (
  call_id BLOB NOT NULL,
  crm TEXT NOT NULL, -- hubspot, salesforce, custom
  workspace_id TEXT NOT NULL,
  external_id TEXT NOT NULL, -- '': not made yet
  external_url TEXT NOT NULL,
  contact_id TEXT NOT NULL,
  error TEXT NOT NULL, -- the CRM's own words; '': none
  synced_ms BIGINT NOT NULL, -- of the last try
  PRIMARY KEY (call_id, crm)
) WITHOUT ROWID;
