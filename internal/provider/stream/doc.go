// Package stream decodes what agents of a team's own tell of a call while it
// goes on: one event, a list of them, or one in each line. Which call it is
// stands in the address, not in the body.
//
//	{"id":"e1","type":"started","at":"2026-11-20T09:00:00Z","agent":"front-desk","from":"+1…"}
//	{"id":"e2","type":"turn","at":1763629201200,"role":"agent","text":"Hello!","start_ms":400,"end_ms":1200}
//
// An event with an id is taken once, in however many bodies it comes. A partial
// is no fact: it is shown and not kept. Wrong types are refused with a pointer
// into the body, because the sender is a program of the user's own.
package stream
