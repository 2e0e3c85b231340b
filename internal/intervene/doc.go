// Package intervene steps into calls that are on: says something, hands a call
// to people, ends it, listens.
//
//	somebody ─▶ what the call's vendor can ─▶ the source's key ─▶ the vendor
//	                                                                  │
//	            the call's timeline ◀─ ledger ◀─ what it answered ────┘
//
// Whatever came of it stands in the call's timeline, with who asked for it and
// what the vendor answered: also that it refused, or that it confirms nothing.
// The caller audits.
package intervene
