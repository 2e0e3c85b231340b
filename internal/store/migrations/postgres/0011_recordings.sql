-- What is heard in the recording that is kept of a call.
CREATE TABLE sounds (
  call_id BYTEA PRIMARY KEY,
  report BYTEA NOT NULL -- packed JSON
);

-- Headers by which recordings are fetched from hosts that ask for one.
CREATE TABLE recording_credentials (
  workspace_id TEXT NOT NULL,
  host TEXT NOT NULL, -- lower case, with a port where there is one
  header TEXT NOT NULL,
  secret BYTEA NOT NULL, -- sealed
  created_ms BIGINT NOT NULL,
  PRIMARY KEY (workspace_id, host)
);
