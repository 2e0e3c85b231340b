// Package intervene steps into calls that are on: says something, hands a call
// to people, ends it, listens. A person asks for it, or a rule proposes it
// because of an alert.
//
//	somebody ─▶ what the call's vendor can ─▶ the source's key ─▶ the vendor
//	    ▲                                                             │
//	    │       the call's timeline ◀─ ledger ◀─ what it answered ────┘
//	    │
//	alert ─▶ rules ─▶ proposal ──a person accepts, or it is due──▶ claimed ─▶ order
//
// Whatever came of it stands in the call's timeline, with who asked for it and
// what the vendor answered: also that it refused, or that it confirms nothing.
// The caller audits; of proposals this package does.
//
// There is one open proposal for each call and rule:
//
//	           order given               what the vendor answered
//	proposed ─────────────▶ (claimed) ───────────────────────────▶ done, failed
//	    ├── a person says no ──▶ cancelled
//	    └── the call ends, the alert is resolved, the rule may not ──▶ lapsed
//
// A proposal is claimed in a transaction before its order is given, and an order
// is given by whoever has claimed it: so it is given once at most.
//
// # What each failure does
//
//   - The process dies before the claim: the job is there at the next start, and
//     what is due is done then.
//   - It dies, or the store goes, between the claim and the record: the order may
//     have been given, so it is not given again. After two minutes the proposal is
//     failed, and its call's timeline says that nobody knows.
//   - The vendor refuses or hangs: the proposal is failed; an order has 15 s.
//   - The rule is switched off or changed meanwhile: what is due lapses.
package intervene
