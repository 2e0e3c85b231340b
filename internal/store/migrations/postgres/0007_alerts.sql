-- Trouble in calls that somebody should know of. An alert is resolved by a
-- person, by recovery or by the call's end; until then there is one for each
-- call, rule and cause.
CREATE TABLE alerts (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  call_id BYTEA NOT NULL,
  agent_id TEXT NOT NULL, -- '': the call names none
  rule_id TEXT NOT NULL, -- of a built-in rule its type
  rule_name TEXT NOT NULL, -- as it was then
  kind TEXT NOT NULL,
  cause TEXT NOT NULL, -- what tells several of one rule apart
  severity TEXT NOT NULL,
  status TEXT NOT NULL, -- triggered, acknowledged, resolved
  message TEXT NOT NULL,
  turn BIGINT, -- null: about the whole call
  quote TEXT NOT NULL,
  at_ms BIGINT NOT NULL, -- into the call
  triggered_ms BIGINT NOT NULL,
  acknowledged_ms BIGINT NOT NULL, -- 0: not
  acknowledged_by TEXT NOT NULL,
  resolved_ms BIGINT NOT NULL, -- 0: not
  resolved_by TEXT NOT NULL, -- a person's name, recovery, call_end
  told TEXT NOT NULL, -- '', waiting, told, silenced, throttled: what became of telling people
  told_ms BIGINT NOT NULL, -- 0: not
  incident TEXT NOT NULL -- the alert whose message tells of it, too; '': none
);
CREATE INDEX alerts_newest ON alerts (workspace_id, triggered_ms, id);
CREATE INDEX alerts_status ON alerts (workspace_id, status, triggered_ms, id);
CREATE INDEX alerts_call ON alerts (call_id);
CREATE INDEX alerts_told ON alerts (workspace_id, rule_id, told_ms);
CREATE INDEX alerts_incident ON alerts (incident);
CREATE UNIQUE INDEX alerts_open ON alerts (call_id, rule_id, cause) WHERE status <> 'resolved';

-- What is told about alerts, to each channel that its rule names.
CREATE TABLE alert_messages (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  incident TEXT NOT NULL, -- the first of the alerts that it is about
  rule_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  event TEXT NOT NULL, -- triggered, acknowledged, resolved
  at_ms BIGINT NOT NULL, -- when that was
  status TEXT NOT NULL, -- queued, sent, failed
  reason TEXT NOT NULL, -- why it failed, who was left out
  ref TEXT NOT NULL, -- what the channel knows it by
  attempts BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  finished_ms BIGINT NOT NULL -- 0: not yet
);
CREATE UNIQUE INDEX alert_messages_incident ON alert_messages (incident, channel, event);
CREATE INDEX alert_messages_newest ON alert_messages (workspace_id, created_ms, id);

-- Rules: a team's own, and the built-in ones that it has changed. A rule's row
-- says which version is the newest; each is kept as it was, without secrets.
CREATE TABLE alert_rules (
  workspace_id TEXT NOT NULL,
  id TEXT NOT NULL,
  version BIGINT NOT NULL,
  secrets BYTEA, -- sealed JSON: of its channels; null: none
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE alert_rule_versions (
  workspace_id TEXT NOT NULL,
  rule_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  body TEXT NOT NULL, -- JSON
  author TEXT NOT NULL, -- a person's or a key's name, as it was then
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, rule_id, version)
);
