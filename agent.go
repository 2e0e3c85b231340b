package ringside

import "time"

// Agent is a voice agent that a workspace monitors. It is made by a person or
// a program, or discovered: the first call that names it makes it.
type Agent struct {
	ID         string        `json:"id"`
	Name       string        `json:"name"`
	SourceID   string        `json:"source_id" doc:"The agent's id at the vendor; links its calls"`
	Provider   string        `json:"provider" doc:"Where it runs; empty when made by hand without saying"`
	Discovered bool          `json:"discovered" doc:"Made because a call named it, not by a person"`
	CreatedAt  time.Time     `json:"created_at"`
	UpdatedAt  time.Time     `json:"updated_at"`
	Settings   AgentSettings `json:"settings"`
}

// DefaultMaxDuration is how long a call may last when its agent does not say.
const DefaultMaxDuration = 2 * time.Hour

// ReapGrace is how long after an agent's maximum duration a call without an
// end is believed to go on.
const ReapGrace = 10 * time.Minute

// MaxDuration is how long one of the agent's calls may last.
func (a *Agent) MaxDuration() time.Duration {
	if a == nil || a.Settings.MaxDurationMinutes == nil {
		return DefaultMaxDuration
	}
	return time.Duration(*a.Settings.MaxDurationMinutes) * time.Minute
}

// Workspace keeps one team's calls apart from another's.
type Workspace struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	IsDemo    bool      `json:"is_demo"`
	CreatedAt time.Time `json:"created_at"`
}
