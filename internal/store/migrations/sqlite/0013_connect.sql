-- How far the import of a source's past calls is: one row for each source that
-- ever had one.
CREATE TABLE imports (
  source_id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  run TEXT NOT NULL, -- which import: another one begins anew
  state TEXT NOT NULL, -- running, waiting, done, failed, stopped
  words TEXT NOT NULL, -- why it waits, failed
  from_ms BIGINT NOT NULL, -- calls that began from here
  to_ms BIGINT NOT NULL, -- up to here
  cursor TEXT NOT NULL, -- where the vendor's list goes on
  oldest_ms BIGINT NOT NULL, -- the oldest call that was reached; 0: none yet
  found BIGINT NOT NULL,
  brought BIGINT NOT NULL,
  known BIGINT NOT NULL, -- were there already
  passed BIGINT NOT NULL, -- could not be read, or are not over
  tries BIGINT NOT NULL, -- in vain, since anything came
  next_ms BIGINT NOT NULL, -- while waiting: when it goes on
  started_ms BIGINT NOT NULL,
  updated_ms BIGINT NOT NULL
);

-- How keeping in step with a source's vendor goes.
CREATE TABLE reconciliations (
  source_id TEXT PRIMARY KEY,
  workspace_id TEXT NOT NULL,
  until_ms BIGINT NOT NULL, -- calls that began before were looked at
  deep_ms BIGINT NOT NULL, -- when the last days were looked at once more
  looked_ms BIGINT NOT NULL, -- when it last went well
  words TEXT NOT NULL, -- what went wrong since; '' for nothing
  fetched BIGINT NOT NULL, -- calls whose webhook had not come, ever
  agents BIGINT NOT NULL -- at the vendor, when last looked
);

-- What an agent was, each time that its vendor showed another prompt, model or
-- voice.
CREATE TABLE agent_versions (
  workspace_id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  number BIGINT NOT NULL, -- 1 is the first that was seen
  name TEXT NOT NULL, -- at the vendor
  prompt_hash TEXT NOT NULL,
  model TEXT NOT NULL,
  voice TEXT NOT NULL,
  vendor_version TEXT NOT NULL,
  since_ms BIGINT NOT NULL, -- when it was seen first
  PRIMARY KEY (agent_id, number)
);
