package api

import (
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/store"
)

// CallFilters are the parameters that say which calls are meant. Lists take
// several values, repeated or with commas between.
type CallFilters struct {
	ProviderCallID string   `query:"provider_call_id" doc:"The call's id at the vendor"`
	Agent          []string `query:"agent,explode" doc:"Agent ids; none for calls without an agent"`
	Provider       []string `query:"provider,explode"`
	Status         []string `query:"status,explode" doc:"queued, ringing, active, completed, failed, declined, missed, unknown"`
	LastEvent      []string `query:"last_event,explode"`
	Direction      []string `query:"direction,explode" doc:"inbound, outbound, web"`
	EndedReason    []string `query:"ended_reason,explode" doc:"The vendor's reason, exactly; repeat for several"`
	FailureClass   []string `query:"failure_class,explode"`
	Campaign       []string `query:"campaign,explode"`
	StartedAfter   string   `query:"started_after" doc:"RFC 3339, or Unix seconds or milliseconds; inclusive"`
	StartedBefore  string   `query:"started_before" doc:"The same; exclusive"`
	MinDurationMS  string   `query:"min_duration_ms" doc:"Milliseconds"`
	MaxDurationMS  string   `query:"max_duration_ms" doc:"Milliseconds"`
	HasRecording   string   `query:"has_recording" enum:"true,false"`
	Simulation     string   `query:"simulation" enum:"true,false"`
	Success        string   `query:"success" enum:"true,false,unknown"`
	Sentiment      []string `query:"sentiment,explode" doc:"positive, neutral, negative, mixed, unknown"`
	MinQuality     string   `query:"min_quality" doc:"0 to 100"`
	MaxQuality     string   `query:"max_quality" doc:"0 to 100"`
	Tag            []string `query:"tag,explode" doc:"Any of these tags; repeat for several"`
	Finding        []string `query:"finding,explode" doc:"Any of these kinds of finding: frustration, said_not_done, knowledge_gap and so on"`
	Q              string   `query:"q" maxLength:"500" doc:"Words that the transcript must have; a phrase in quotes"`

	metadata map[string]string
}

// metadataPrefix begins the parameters that filter on metadata.
const metadataPrefix = "metadata."

// Resolve implements huma.Resolver: it reads the parameters whose names are
// not known beforehand.
func (f *CallFilters) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	for name, values := range u.Query() {
		if key, ok := strings.CutPrefix(name, metadataPrefix); ok && key != "" {
			if f.metadata == nil {
				f.metadata = map[string]string{}
			}
			f.metadata[key] = values[0]
		}
	}
	if len(f.metadata) > 10 {
		return []error{&huma.ErrorDetail{Location: "query.metadata", Message: "at most 10 metadata filters at once"}}
	}
	return nil
}

// filter checks the parameters and gives the store's form.
func (f *CallFilters) filter(workspace string) (store.CallFilter, error) {
	out := store.CallFilter{
		Workspace: workspace, ProviderCallID: f.ProviderCallID,
		Agents: split(f.Agent), Providers: split(f.Provider), Statuses: split(f.Status), LastEvents: split(f.LastEvent),
		Directions: split(f.Direction), EndedReasons: f.EndedReason, FailureClasses: split(f.FailureClass), Campaigns: f.Campaign,
		Success: f.Success, Metadata: f.metadata, Query: f.Q,
		Sentiments: split(f.Sentiment), Tags: f.Tag, Findings: split(f.Finding),
	}
	err := bounded(&out)
	if err != nil {
		return out, err
	}
	if out.StartedAfter, err = moment("started_after", f.StartedAfter); err != nil {
		return out, err
	}
	if out.StartedBefore, err = moment("started_before", f.StartedBefore); err != nil {
		return out, err
	}
	if out.MinDurationMS, err = millis("min_duration_ms", f.MinDurationMS); err != nil {
		return out, err
	}
	if out.MaxDurationMS, err = millis("max_duration_ms", f.MaxDurationMS); err != nil {
		return out, err
	}
	if out.MinQuality, err = percent("min_quality", f.MinQuality); err != nil {
		return out, err
	}
	if out.MaxQuality, err = percent("max_quality", f.MaxQuality); err != nil {
		return out, err
	}
	out.HasRecording, out.Simulation = boolean(f.HasRecording), boolean(f.Simulation)
	return out, nil
}

// maxFilterValues is how many values one filter may have: a database takes only
// so many at once.
const maxFilterValues = 1000

func bounded(f *store.CallFilter) error {
	for _, l := range []struct {
		name   string
		values []string
	}{
		{"agent", f.Agents},
		{"provider", f.Providers},
		{"status", f.Statuses},
		{"last_event", f.LastEvents},
		{"direction", f.Directions},
		{"ended_reason", f.EndedReasons},
		{"failure_class", f.FailureClasses},
		{"campaign", f.Campaigns},
		{"sentiment", f.Sentiments},
		{"tag", f.Tags},
		{"finding", f.Findings},
	} {
		if len(l.values) > maxFilterValues {
			return ringside.Invalidf(l.name, "has more than %d values", maxFilterValues)
		}
	}
	return nil
}

func split(values []string) []string {
	var out []string
	for _, v := range values {
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

func moment(name, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t := provider.ParseMoment(s)
	if t.IsZero() {
		return t, ringside.Invalidf(name, "is no time; it looks like 2026-11-20T09:00:00Z")
	}
	return t, nil
}

func millis(name, s string) (*int64, error) {
	if s == "" {
		return nil, nil //nolint:nilnil // not asked for
	}
	var n provider.Number
	if err := n.UnmarshalJSON([]byte(s)); err != nil || !n.Known || n.Value < 0 || n.Value > 1e12 {
		return nil, ringside.Invalidf(name, "must be a number of milliseconds, 0 or more")
	}
	return new(int64(n.Value)), nil
}

func percent(name, s string) (*float64, error) {
	if s == "" {
		return nil, nil //nolint:nilnil // not asked for
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= 0 && v <= 100) {
		return nil, ringside.Invalidf(name, "must be a number from 0 to 100")
	}
	return &v, nil
}

func boolean(s string) *bool {
	if s == "" {
		return nil
	}
	return new(s == "true")
}
