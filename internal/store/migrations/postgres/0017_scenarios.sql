-- Conversations that are played as simulated calls, and when they were.
CREATE TABLE scenarios (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  body TEXT NOT NULL, -- JSON
  next_ms BIGINT NOT NULL, -- when its schedule is due; 0: it has none
  created_ms BIGINT NOT NULL
);
CREATE INDEX scenarios_workspace ON scenarios (workspace_id, created_ms);
CREATE INDEX scenarios_due ON scenarios (next_ms) WHERE next_ms > 0;

CREATE TABLE scenario_runs (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  scenario_id TEXT NOT NULL,
  state TEXT NOT NULL, -- queued, running, judging, done, cut_off, skipped
  wanted INTEGER NOT NULL, -- how many calls it holds while it is on
  heard_ms BIGINT NOT NULL, -- when its process last said that it is at it
  body TEXT NOT NULL, -- JSON
  created_ms BIGINT NOT NULL
);
CREATE INDEX scenario_runs_scenario ON scenario_runs (scenario_id, created_ms);
CREATE INDEX scenario_runs_open ON scenario_runs (workspace_id, state) WHERE state IN ('queued', 'running', 'judging');
