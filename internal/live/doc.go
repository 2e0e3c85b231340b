// Package live keeps the calls that are on: how each stands now, and everybody
// who watches.
//
//	ledger ─ commits ─▶ mailbox ─▶ shard: one owner for each call ─▶ hub ─▶ subscribers
//	ingest ─ partials ─▶   │          fold of stored events,          │      snapshot, then
//	                       │          assessment, alerts, timers      │      frames by number
//	store ── at start ─────┤
//	bus ─ another process's commit ─▶ read from the store
//
// A call belongs to one shard, and nobody else changes its state. What comes to
// a shard waits in a mailbox that holds one letter for each call: of two
// commits about a call the newer replaces the older, which it contains. So the
// mailbox is as large as there are calls and never full, and a shard that falls
// behind skips steps and loses no fact.
//
// An assessment (text.SoFar: the rules that are applied when the call has
// ended) costs more than everything else. Calls that have changed wait for it in
// a queue, and a shard gives it a fifth of its time: under load the score lags,
// the transcript does not. How a call stands is likewise sent once a second at
// most, and less often when more calls change than readers can be told of; who
// asks for the call sees it as it is.
//
// What rules propose to do to a call is shown with it. Whoever changes that reads
// all of it from the store after the commit and hands it in: a proposal goes only
// forward, so that it does not matter who is first.
//
// Several processes on one database tell each other by the bus what has changed,
// and read it from the store, one read at a time for each call. Which of two
// states of a call is newer its version tells. A call is watched by the process
// that committed its newest event: it alone asks the Watcher to look, and the
// others show the alerts that are stored. See claim for how the watch goes over.
// Without a bus each process shows and watches the calls whose events come in at
// it, and looks every Times.Look how they are by the store.
//
// A hub holds a workspace's newest frames in a ring, encoded once and bounded in
// number and bytes, and every call as it is. Readers get what has come every
// 50 ms, and those who follow every call all get the same bytes. Who subscribes
// gets all calls and the number of the newest frame at once, so nothing is
// missed or seen twice. A reader that falls out of the ring gets a resync and
// all calls anew; it is never waited for. What was said in a call that is
// deleted leaves the ring with it.
//
// # What each failure does
//
//   - The process dies: at the next start every call that is on is loaded from
//     the store before the server says that it is ready. Subscribers come back
//     with a number of another start, and get a snapshot.
//   - The bus is away: each process goes on with the calls that it watches, and
//     shows the others as they were. When it is back every call is read again.
//   - Another process dies: after Times.Dead the one whose name comes first
//     watches its calls.
//   - A rule panics on a call: the call is shown without an assessment, or its
//     alerts stay as they were, and the log says which.
//   - The store can't be read for an agent's settings: the call is assessed
//     without them, and again later.
package live
