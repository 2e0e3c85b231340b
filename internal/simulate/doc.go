// Package simulate makes calls that never were: for the demo, for load tests
// and for filling a store.
//
//	seed, index ─▶ Generator.Call ─▶ Call.Deliveries ─┬─▶ Demo: through the HTTP doors
//	           │   what happened      as the vendor    ├─▶ Load: the same few bodies, as fast as can be
//	           │                      would tell it    └─▶ Fill: into the ledger, without HTTP
//	           └─▶ Generator.progress ─▶ Call.beats ─▶ Calls: told while it goes on, by the live API
//
// A call depends on nothing but the generator's settings and its index, so
// whoever makes it twice makes the same bytes twice. What is said comes from
// the conversations in scripts/, one file for each agent; what happens to a
// call (when, how fast, how it ends) is drawn from the tables beside the code.
package simulate
