-- The key by which a source's vendor takes orders.
CREATE TABLE source_keys (
  source_id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  key BLOB NOT NULL -- sealed
);

-- People who take over calls: what a transfer names.
CREATE TABLE queues (
  id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  number TEXT NOT NULL, -- E.164; '' when there is a SIP address
  sip TEXT NOT NULL,
  hours TEXT NOT NULL, -- JSON; {}: always open
  agents TEXT NOT NULL, -- JSON list of the agents that may transfer to it; []: all
  created_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL
);
CREATE INDEX queues_workspace ON queues (workspace_id);
