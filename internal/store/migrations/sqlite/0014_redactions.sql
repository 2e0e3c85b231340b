-- What was hidden in a call: the same value has the same token. The value itself
-- is nowhere.
CREATE TABLE redactions (
  call_id BLOB NOT NULL,
  mark BLOB NOT NULL, -- stamp of the value, under the key in the data directory
  kind TEXT NOT NULL,
  number BIGINT NOT NULL, -- in the token
  PRIMARY KEY (call_id, mark)
);
CREATE UNIQUE INDEX redactions_number ON redactions (call_id, kind, number);
