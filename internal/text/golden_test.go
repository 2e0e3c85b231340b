package text_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/golden"
	"github.com/ringsidehq/ringside/internal/provider"
	"github.com/ringsidehq/ringside/internal/provider/bland"
	"github.com/ringsidehq/ringside/internal/provider/calllog"
	"github.com/ringsidehq/ringside/internal/provider/elevenlabs"
	"github.com/ringsidehq/ringside/internal/provider/flat"
	"github.com/ringsidehq/ringside/internal/provider/retell"
	"github.com/ringsidehq/ringside/internal/provider/vapi"
	"github.com/ringsidehq/ringside/internal/text"
)

// reports are payloads about ended calls, by vendor.
var reports = []struct {
	decode func(provider.Payload) ([]ringside.Event, error)
	files  []string
}{
	{vapi.Decode, []string{
		"vapi/end-of-call-report", "vapi/end-of-call-report.no-answer", "vapi/end-of-call-report.voicemail",
		"vapi/end-of-call-report.transferred", "vapi/end-of-call-report.llm-failed",
	}},
	{retell.Decode, []string{"retell/call_analyzed", "retell/call_ended.web_call", "retell/call_ended.dial_no_answer"}},
	{bland.Decode, []string{"bland/post-call", "bland/post-call.inbound", "bland/post-call.no-answer"}},
	{elevenlabs.Decode, []string{"elevenlabs/post_call_transcription", "elevenlabs/post_call_transcription.deleted"}},
	{flat.Decode, []string{"flat/call-ended", "flat/tools-and-odd-times"}},
	{calllog.Decode, []string{"custom/call-log", "custom/call-log.transcript-later", "custom/openai-transcript", "custom/recording-only", "custom/unknown-speakers"}},
}

// decoded folds a payload into its call.
func decoded(t testing.TB, decode func(provider.Payload) ([]ringside.Event, error), file string) *ringside.Call {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("..", "..", "testdata", "payloads", file+".json"))
	if err != nil {
		t.Fatal(err)
	}
	events, err := decode(provider.Payload{Body: body, ReceivedAt: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)})
	if err != nil {
		t.Fatalf("decode %s: %v", file, err)
	}
	c := ringside.NewCall("ws", events[0].Provider, events[0].ProviderCallID)
	for _, e := range events {
		c.Apply(e)
	}
	return c
}

// goldenSettings are those of an agent with phrase rules and categories.
func goldenSettings() *ringside.AgentSettings {
	return &ringside.AgentSettings{
		CallTaggingCategories: []string{"sales", "support", "billing", "complaint", "inquiry", "appointments", "delivery"},
		CompliancePhrases: []ringside.PhraseRule{
			{Name: "says who is calling", Kind: "required", Phrases: []string{"this is", "you've reached", "thanks for calling"}, WithinSeconds: new(20)},
			{Name: "promises a price", Kind: "forbidden", Phrases: []string{"your quote is"}},
		},
	}
}

// TestGolden compares the analyses of real payloads with those that were read
// for sense. -update writes them.
func TestGolden(t *testing.T) {
	t.Parallel()
	for _, r := range reports {
		for _, file := range r.files {
			t.Run(file, func(t *testing.T) {
				t.Parallel()
				golden.JSON(t, file, text.Analyse(decoded(t, r.decode, file), goldenSettings()))
			})
		}
	}
}
