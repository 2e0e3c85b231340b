// Package judge has language models read calls: summary, tags, criteria,
// extraction and knowledge gaps, in one question for each model, with every
// quote checked against the turn that it is said to be from.
//
//	call, task ──Plan──▶ parts, one for each model
//	                       │
//	         Prompt: rules and rubrics │ the call, numbered, between two marks
//	                       ▼
//	                     answer ──no JSON, or cut off──▶ asked once more, with what is wrong
//	                       │ each item is checked by itself
//	            ┌──────────┴───────────┐
//	          holds                  does not
//	            │                      │
//	            │          second question: only these items,
//	            │          and of each what does not hold
//	            │           ┌──────────┴───────────┐
//	            ▼         holds                  does not
//	         result ◀───────┘                      │
//	                    criterion: verdict unknown, with the reason
//	                    summary, tags, field, gap: left out
//
// What is promised of a result, whatever the model answers:
//
//   - A quote in evidence, or in a gap, is cut out of the text of its turn. A
//     model's own words never become evidence.
//   - A criterion that is decided has evidence. One whose evidence did not stand
//     twice is unknown and has no value.
//   - A value lies in its scale, a tag is one of the categories, an extracted
//     value has passed ringside.CheckExtracted.
//   - The model's own texts are bounded and hold no control characters.
//
// The transcript is data. It stands in the user's message between two marks
// with a code made from its own hash, which nothing in it can hold; each turn
// is one line that begins with its number, and whatever a turn says is folded
// into that line; the rules stand in the system message, and again, in short,
// behind the data. That makes a model's obedience unlikely and the record
// unforgeable; the checks above hold even if the model is won over.
//
// What each failure of the model's server does is in package llm; Run passes
// its errors on. Refused is final; RateLimited and Unavailable want what is not
// answered asked later: what is, and what was spent, is told with an error too.
package judge
