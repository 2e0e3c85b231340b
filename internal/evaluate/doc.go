// Package evaluate has calls judged by evaluators: by a scorecard, or by
// criteria that have a name and no more. A scorecard in an agent's settings
// stands for an evaluator of each of the agent's calls.
//
//	somebody, a program ──One──┐
//	a filter ──Many──▶ run ────┤  in one transaction
//	a call ended ──────Plan────┤
//	                           ▼
//	        evaluation queued + job ──▶ running ──▶ done    with scores and a result
//	              ▲                        │
//	              └──── try again later ───┼──────▶ failed  with a reason
//	                                       │
//	              criterion with a rule ◀──┼──▶ any other: the language model,
//	              the transcript settles it│    else what our own analysis says
//
// A criterion that nothing can tell is unknown, with the reason. It drops out
// of the result and lowers its coverage: see ringside.ScorecardResult.
//
// What each failure does:
//
//	the process dies            the job runs again, and asks the model anew
//	the model never answers     failed, after a quarter of an hour
//	the model is busy, away     queued, tried again with growing pauses, 8 times; then failed
//	every place at it is taken  queued, tried again in 2 s, 4 s, … a minute; not counted
//	the model refuses, its key  failed: the same question would get the same answer
//	or its name is wrong
//	call, evaluator, scorecard  nothing is left to do; failed
//	deleted meanwhile
//
// A finished evaluation never changes: a job that runs twice does nothing. Ids
// of what an evaluator does by itself, and of what a run asks for, are derived
// from what is evaluated, so that asking twice makes one evaluation.
package evaluate
