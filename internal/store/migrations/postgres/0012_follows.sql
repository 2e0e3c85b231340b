-- Which process follows a call at its vendor, and until when it may be taken
-- over unless it says again that it does.
CREATE TABLE follows (
  call_id BYTEA PRIMARY KEY,
  holder TEXT NOT NULL,
  until_ms BIGINT NOT NULL
);
