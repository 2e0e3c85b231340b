-- What is proposed to be done about alerts.
CREATE TABLE intervention_rules (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  body TEXT NOT NULL, -- JSON
  created_ms BIGINT NOT NULL
);
CREATE INDEX intervention_rules_workspace ON intervention_rules (workspace_id, created_ms);

-- What rules proposed for calls, and what came of it.
CREATE TABLE proposals (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  call_id BLOB NOT NULL,
  alert_id TEXT NOT NULL,
  rule_id TEXT NOT NULL,
  rule_name TEXT NOT NULL,
  action TEXT NOT NULL, -- JSON: as the rule said then
  goes_to TEXT NOT NULL, -- what a transfer's destination is called
  mode TEXT NOT NULL, -- suggest, act
  status TEXT NOT NULL, -- proposed, cancelled, done, failed, lapsed
  created_ms BIGINT NOT NULL,
  due_ms BIGINT NOT NULL, -- 0: a person decides
  ordered_ms BIGINT NOT NULL, -- when somebody took it on to give the order; 0: nobody has
  decided_by TEXT NOT NULL,
  decided_ms BIGINT NOT NULL, -- 0: it is open
  result TEXT NOT NULL
);
CREATE INDEX proposals_call ON proposals (call_id);
CREATE INDEX proposals_alert ON proposals (alert_id);
CREATE UNIQUE INDEX proposals_open ON proposals (rule_id, call_id) WHERE status = 'proposed';
