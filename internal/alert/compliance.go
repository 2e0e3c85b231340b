package alert

import (
	"time"

	"github.com/ringsidehq/ringside"
)

// compliance looks for what the agent's phrase rules forbid, for what they ask
// for and was not said in time, and for sensitive data. What was said can't be
// unsaid; what was missed is over when it is said.
func compliance(l *look) (out []hit) {
	for _, f := range l.findings(ringside.FindingForbiddenPhrase) {
		out = append(out, l.phrase(f))
	}
	for _, f := range l.findings(ringside.FindingMissed) {
		if missing(f) {
			out = append(out, l.phrase(f))
		}
	}
	for i := range l.Settings.CompliancePhrases {
		if r := &l.Settings.CompliancePhrases[i]; r.Kind == "required" {
			l.window(r.WithinSeconds)
		}
	}
	return append(out, sensitive(l)...)
}

func (l *look) phrase(f *ringside.Finding) hit {
	h := l.found(f)
	h.cause = f.Topic
	return h
}

// missing tells whether a required phrase is still to be said, and late.
func missing(f *ringside.Finding) bool {
	return f.Turn == nil && f.Severity == ringside.SeverityCritical
}

// window asks for a look when the time to say something is over.
func (l *look) window(seconds *int) {
	if seconds == nil {
		return
	}
	if end := time.Duration(*seconds)*time.Second + time.Millisecond; l.Elapsed < end {
		l.in(end - l.Elapsed)
	}
}
