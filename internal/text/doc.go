// Package text tells what rules and word lists can tell of a call from its
// transcript: sentiment and frustration of the customer, an agent that goes in
// circles, what was promised and not done, phrases that were or were not said,
// questions without an answer, silence, a summary, tags, scores. There is no
// model and no network: a call in, facts out, the same each time.
//
// Analyse looks at a whole ended call. What it is made of works on one turn and
// the turns before it, so that a call can be followed while it goes on: Read
// makes a turn ready, and Frustration, Repeats, AsksForPerson, Unanswered and
// Said.Phrase ask about the newest one.
//
//	turns ──Read──▶ []Said ─┬─ Sentiment, Frustration, AsksForPerson   the customer's
//	                        ├─ Repeats, Unanswered, claims             the agent's
//	                        └─ phrases, secrets, silence               both
//	                 findings ──▶ tags, summary, criteria, quality
//
// The word lists are English. Of a side that does not speak recognisable
// English no sentiment, frustration, gap or promise is told; the team's own
// phrases and categories work in any language. Each list stands in one table
// beside its rule, with where it is from.
//
// The work is bounded: the first and the last turns of a very long call, and the
// beginning of a very long turn. What the agent must say and must not is looked
// for in all that it says: see AgentSpeech.
package text
