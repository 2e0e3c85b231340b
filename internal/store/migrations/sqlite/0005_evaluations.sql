-- What calls are judged by. A scorecard's row is its newest version; every
-- version is kept as it was, for the results that were judged by it.
CREATE TABLE scorecards (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  version BIGINT NOT NULL, -- the newest
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL
);
CREATE INDEX scorecards_workspace ON scorecards (workspace_id);

CREATE TABLE scorecard_versions (
  scorecard_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  workspace_id TEXT NOT NULL,
  body TEXT NOT NULL, -- JSON
  author TEXT NOT NULL, -- a person's or a key's name, as it was then
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (scorecard_id, version)
);
CREATE INDEX scorecard_versions_workspace ON scorecard_versions (workspace_id);

CREATE TABLE evaluators (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  scorecard_id TEXT NOT NULL, -- '': it goes by criteria
  criteria TEXT NOT NULL, -- JSON list of names
  model TEXT NOT NULL, -- '': the workspace's
  agent_ids TEXT NOT NULL, -- JSON list; all: every agent
  sampling_rate DOUBLE NOT NULL, -- 0 to 1
  enabled BOOLEAN NOT NULL,
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL
);
CREATE INDEX evaluators_workspace ON evaluators (workspace_id);

-- Each judgement of a call. What lists need stands in columns, the scores with
-- their reasons in detail.
CREATE TABLE evaluations (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  call_id BLOB NOT NULL,
  evaluator_id TEXT NOT NULL,
  evaluator_name TEXT NOT NULL, -- as it was then
  scorecard_id TEXT NOT NULL, -- '': by the evaluator's criteria
  scorecard_version BIGINT NOT NULL,
  scorecard_name TEXT NOT NULL,
  run_id TEXT NOT NULL, -- '': asked for by itself
  cause TEXT NOT NULL, -- manual, filter, automatic, api
  status TEXT NOT NULL, -- queued, running, done, failed
  reason TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  verdict TEXT NOT NULL, -- '': not done
  score DOUBLE, -- 0 to 100; null: not done, or nothing could be judged
  coverage DOUBLE, -- 0 to 1; null: not done
  model TEXT NOT NULL,
  prompt_hash TEXT NOT NULL,
  detail BLOB, -- packed JSON: result, scores, usage; null: not done
  created_ms BIGINT NOT NULL,
  finished_ms BIGINT NOT NULL -- 0: not yet
);
CREATE INDEX evaluations_newest ON evaluations (workspace_id, created_ms, id);
CREATE INDEX evaluations_status ON evaluations (workspace_id, status, created_ms, id);
CREATE INDEX evaluations_call ON evaluations (call_id, created_ms, id);
CREATE INDEX evaluations_evaluator ON evaluations (evaluator_id, created_ms, id);
