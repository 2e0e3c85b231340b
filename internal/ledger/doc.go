// Package ledger is the one write path: nothing else changes what we believe
// about a call.
//
//	Append ─▶ prepare (encode, compress: the caller's goroutine)
//	             │
//	             ▼
//	          waiting ──▶ writer: drain what waits ─▶ one transaction ─▶ answer all
//	                                │
//	                                ├─ look up: same body? deleted? the call so far
//	                                ├─ resolve agents, discover new ones
//	                                ├─ fold each delivery into its call
//	                                ├─ write each: inbox, events, call, outbox
//	                                └─ jobs of the whole batch, one statement
//
// A writer takes everything that waits and commits it together; while it
// commits, the next batch gathers. So a lone delivery waits for nobody, and a
// thousand share one fsync. SQLite has one writer, PostgreSQL four, and a call
// always goes to the same one.
//
// # What each failure does
//
//   - A caller goes away before its item is taken: the item is dropped, nothing
//     was stored. After that, it is stored all the same: the transaction runs
//     under the ledger's own context, because a cancelled one would roll back
//     everybody's work.
//   - One item can't be written: on SQLite the batch is undone and written again
//     with a savepoint each, which PostgreSQL has at once. Then its savepoint is
//     undone, its caller gets the error, its neighbours are folded again without
//     it and committed.
//   - The commit fails: every caller of the batch gets the error and may send
//     again; nothing was stored.
//   - The process dies: what was answered is on disk, what was not may or may
//     not be, and sending it again is a duplicate or a first time.
package ledger
