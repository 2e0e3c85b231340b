package jobs

import (
	"encoding/json"
	"time"

	"github.com/riverqueue/river/rivertype"
)

// How soon a job comes again that found every place taken: the longer it has
// come in vain, the later, so that a queue of them does not keep the writer.
const (
	soonest = 2 * time.Second
	latest  = time.Minute
)

// Soon is for how long to snooze a job that found every place taken: twice as
// long each time.
func Soon(job *rivertype.JobRow) time.Duration {
	return min(soonest<<min(Snoozes(job), 10), latest)
}

// Snoozes is how often a job was snoozed. River counts none of them as an
// attempt.
func Snoozes(job *rivertype.JobRow) int {
	var meta struct {
		Snoozes int `json:"snoozes"`
	}
	if json.Unmarshal(job.Metadata, &meta) != nil {
		return 0 // none yet
	}
	return max(0, meta.Snoozes)
}
