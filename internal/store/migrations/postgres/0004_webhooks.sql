-- Where users' systems want to hear of events. An agent's own addresses are in
-- its settings.
CREATE TABLE webhook_endpoints (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  agent_id TEXT NOT NULL, -- '': every agent's calls
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  events TEXT NOT NULL, -- JSON; an empty list means all
  secret BYTEA, -- sealed; null when there is none
  max_retries BIGINT NOT NULL,
  timeout_ms BIGINT NOT NULL,
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL
);
CREATE INDEX webhook_endpoints_workspace ON webhook_endpoints (workspace_id);

-- Targets that get nothing more: the receiver said that it is gone, or a
-- person switched it off. A target is endpoint:<id>, or agent:<id>: and which
-- of the agent's addresses.
CREATE TABLE webhook_stops (
  target TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  url TEXT NOT NULL, -- what it was about; with another URL, the stop is void. '': any
  reason TEXT NOT NULL,
  at_ms BIGINT NOT NULL
);

-- What is, was or will be told to whom. Of those about one call to one target,
-- the first that is open goes out, and has a job; the others wait for it.
CREATE TABLE webhook_deliveries (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id TEXT NOT NULL UNIQUE, -- from target, event and call, so that nothing is told twice
  workspace_id TEXT NOT NULL,
  target TEXT NOT NULL,
  agent_id TEXT NOT NULL, -- whose call it was
  call_id BYTEA NOT NULL,
  event TEXT NOT NULL,
  status TEXT NOT NULL, -- open: waiting, failed; settled: delivered, dead
  reason TEXT NOT NULL, -- why it is dead, where no attempt says so
  attempts BIGINT NOT NULL,
  base BIGINT NOT NULL, -- attempts before it was last sent again by hand
  due_ms BIGINT NOT NULL, -- when the next attempt is; of an open one
  created_ms BIGINT NOT NULL,
  body BYTEA NOT NULL -- packed
);
CREATE INDEX webhook_deliveries_call ON webhook_deliveries (call_id, target, seq);
CREATE INDEX webhook_deliveries_target ON webhook_deliveries (target, seq);
CREATE INDEX webhook_deliveries_workspace ON webhook_deliveries (workspace_id, seq);
CREATE INDEX webhook_deliveries_status ON webhook_deliveries (workspace_id, status, seq);

CREATE TABLE webhook_attempts (
  delivery BIGINT NOT NULL, -- its seq
  number BIGINT NOT NULL, -- from 1
  at_ms BIGINT NOT NULL,
  host TEXT NOT NULL, -- where it went: the URL itself may hold secrets
  status BIGINT NOT NULL, -- HTTP; 0: no answer
  latency_ms BIGINT NOT NULL,
  response TEXT NOT NULL, -- how the answer begins
  error TEXT NOT NULL,
  PRIMARY KEY (delivery, number)
);
