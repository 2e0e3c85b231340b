package hubspot_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
	"github.com/ringsidehq/ringside/internal/crm/crmtest"
	"github.com/ringsidehq/ringside/internal/crm/hubspot"
	"github.com/ringsidehq/ringside/internal/golden"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	crmtest.Run(t, crmtest.Suite{
		New:    hubspot.New,
		Vendor: func(t testing.TB) crmtest.Vendor { return crmtest.NewHubSpot(t) },
	})
}

// record is a record of one of the suite's calls, with all fields.
func record(name string) crm.Record {
	return crm.NewRecord(crmtest.Calls()[name], ringside.CRMFieldNames, "https://ringside.example.com/calls/1")
}

// failed syncs and gives the error.
func failed(t *testing.T, h *crmtest.HubSpot, o crm.Options) *crm.Error {
	t.Helper()
	_, err := hubspot.New().Sync(t.Context(), h.Connection(), record("inbound"), o)
	e, ok := errors.AsType[*crm.Error](err)
	if !ok {
		t.Fatalf("error %v", err)
	}
	return e
}

func TestFieldsGoToThePropertiesOfTheMapping(t *testing.T) {
	t.Parallel()
	h := crmtest.NewHubSpot(t)
	for _, p := range []string{"ringside_id", "ai_score", "ai_tags", "ai_notes", "ai_seconds"} {
		h.AddProperty(p)
	}
	o := crm.Options{Mapping: map[string]string{
		"call_id": "ringside_id", "score": "ai_score", "tags": "ai_tags", "sentiment": "ai_notes", "next_steps": "ai_notes",
		"duration": "ai_seconds", "outcome": "hs_call_disposition",
	}}
	for range 2 { // the second finds the first by its property
		if _, err := hubspot.New().Sync(t.Context(), h.Connection(), record("inbound"), o); err != nil {
			t.Fatal(err)
		}
	}
	logged := h.Logged()
	if len(logged) != 1 {
		t.Fatalf("%d calls", len(logged))
	}
	golden.JSON(t, "mapped", logged[0].Text)
}

func TestAnUnknownPropertyIsToldInHubSpotsWords(t *testing.T) {
	t.Parallel()
	e := failed(t, crmtest.NewHubSpot(t), crm.Options{Mapping: map[string]string{"score": "ai_score"}})
	if e.Kind != ringside.Invalid || e.Field != "ai_score" || e.Message != `Property values were not valid: Property "ai_score" does not exist` {
		t.Errorf("%+v", e)
	}
}

func TestAMappingThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	for field, property := range map[string]string{
		"summary": "hs_timestamp", "outcome": "hs_call_duration", "tags": "hs_call_disposition", "score": "AI Score", "link": "x\"y", "mood": "mood",
	} {
		o := crm.Options{Mapping: map[string]string{field: property}}
		_, err := hubspot.New().Preview(record("inbound"), o)
		if e, ok := errors.AsType[*ringside.Error](err); !ok || !strings.HasPrefix(e.Field, "/crmFieldMapping") {
			t.Errorf("%s to %s: the preview says %v", field, property, err)
		}
		h := crmtest.NewHubSpot(t)
		if e := failed(t, h, o); e.Kind != ringside.Invalid || len(h.Requests()) > 0 {
			t.Errorf("%s to %s: %+v after %d requests", field, property, e, len(h.Requests()))
		}
	}
}

func TestAPreviewSaysWhatWouldBeMade(t *testing.T) {
	t.Parallel()
	a := hubspot.New()
	for name, o := range map[string]crm.Options{
		"preview with a contact": {CreateContact: true},
		"preview of an update":   {CreateContact: true, Known: "88123456789"},
	} {
		p, err := a.Preview(record("inbound"), o)
		if err != nil {
			t.Fatal(err)
		}
		golden.JSON(t, name, p)
	}
}

func TestACallOutcomeThatTheAccountHasNotIsLeftOut(t *testing.T) {
	t.Parallel()
	h := crmtest.NewHubSpot(t)
	h.RemoveDisposition("f240bbac-87c9-4f6e-bf70-924b57d47db7")
	res, err := hubspot.New().Sync(t.Context(), h.Connection(), record("inbound"), crm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	logged := h.Logged()
	if len(logged) != 1 || logged[0].Text["hs_call_disposition"] != "" || !strings.Contains(logged[0].Text["hs_call_body"], "Resolved") {
		t.Errorf("HubSpot holds %+v", logged)
	}
	if !slices.ContainsFunc(res.Skipped, func(s string) bool { return strings.HasPrefix(s, "no call outcome: HubSpot says") }) {
		t.Errorf("skipped %q", res.Skipped)
	}
}

func TestLimitsSayHowLongToWait(t *testing.T) {
	t.Parallel()
	h := crmtest.NewHubSpot(t)
	h.Freeze()
	h.Allow(1)
	e := failed(t, h, crm.Options{})
	if e.Kind != ringside.RateLimited || e.RetryAfter != 10*time.Second || e.Code != "TEN_SECONDLY_ROLLING" {
		t.Errorf("%+v", e)
	}
	h = crmtest.NewHubSpot(t)
	h.Freeze()
	for range 5 {
		if _, err := hubspot.New().Test(t.Context(), h.Connection()); err != nil {
			t.Fatal(err)
		}
	}
	if e := failed(t, h, crm.Options{}); e.Kind != ringside.RateLimited || e.RetryAfter != time.Second {
		t.Errorf("%+v", e)
	}
}

func TestTheDaysLimitHoldsUntilMidnightInTheWorkspacesZone(t *testing.T) {
	t.Parallel()
	h := crmtest.NewHubSpot(t)
	h.SpendDay()
	now := time.Now()
	for _, zone := range []*time.Location{nil, time.FixedZone("east", 9*3600), time.FixedZone("west", -8*3600)} {
		e := failed(t, h, crm.Options{Zone: zone})
		want := crm.UntilMidnight(now, zone)
		off := (want - e.RetryAfter).Abs()
		if e.Kind != ringside.RateLimited || off > time.Minute && off < 24*time.Hour-time.Minute {
			t.Errorf("in %v: wait %s, want %s", zone, e.RetryAfter, want)
		}
	}
}

func TestAKeyWithoutAScopeIsForbidden(t *testing.T) {
	t.Parallel()
	h := crmtest.NewHubSpot(t)
	h.Revoke("crm.objects.contacts.write")
	e := failed(t, h, crm.Options{})
	if e.Kind != ringside.Forbidden || !e.Final() || e.Code != "MISSING_SCOPES" || !strings.Contains(e.Message, "scope") {
		t.Errorf("%+v", e)
	}
	// A contact that may not be made does not keep the call out. Here calls may
	// not be written either, so the call's own refusal is told.
	if e := failed(t, h, crm.Options{CreateContact: true}); e.Kind != ringside.Forbidden {
		t.Errorf("%+v", e)
	}
}

func TestMoreContactsThanCanBeLookedAtAreSeveral(t *testing.T) {
	t.Parallel()
	h := crmtest.NewHubSpot(t)
	h.AddContact("Hale", "(202) 555-0143")
	for i := range 20 { // found by the same digits, and each another's
		h.AddContact("Other", "+"+strconv.Itoa(20_00+i)+"2025550143")
	}
	res, err := hubspot.New().Sync(t.Context(), h.Connection(), record("inbound"), crm.Options{CreateContact: true})
	if err != nil || res.ContactID != "" || !slices.Contains(res.Skipped, "no contact: several have the number") {
		t.Errorf("%+v, %v", res, err)
	}
}

func TestACallThatWasDeletedIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	h, a := crmtest.NewHubSpot(t), hubspot.New()
	first, err := a.Sync(t.Context(), h.Connection(), record("inbound"), crm.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h.Delete(first.ID)
	again, err := a.Sync(t.Context(), h.Connection(), record("inbound"), crm.Options{Known: first.ID})
	if err != nil || again.ID != "" || len(again.Skipped) == 0 || len(h.Logged()) > 0 {
		t.Errorf("result %+v, %v; HubSpot holds %+v", again, err, h.Logged())
	}
}

// TestASearchThatLags loses the answer while what was made can't be found yet.
// The wait that the error asks for is what keeps the call single.
func TestASearchThatLags(t *testing.T) {
	t.Parallel()
	h, a := crmtest.NewHubSpot(t), hubspot.New()
	h.Lag()
	h.Break(&crmtest.Fault{Lose: true, Times: 1})
	e := failed(t, h, crm.Options{First: true})
	if e.RetryAfter < 20*time.Second {
		t.Errorf("wait %s", e.RetryAfter)
	}
	h.Settle()
	res, err := a.Sync(t.Context(), h.Connection(), record("inbound"), crm.Options{})
	if err != nil || !res.Updated || len(h.Logged()) != 1 {
		t.Errorf("result %+v, %v; HubSpot holds %+v", res, err, h.Logged())
	}
}

func TestTheAPIsPathIsConfiguration(t *testing.T) {
	t.Parallel()
	h := crmtest.NewHubSpot(t)
	h.Move("/crm/objects/2026-03")
	res, err := hubspot.New().Sync(t.Context(), h.Connection(), record("inbound"), crm.Options{})
	if err != nil || res.ID == "" || !strings.HasSuffix(res.URL, "/"+res.ID) {
		t.Errorf("%+v, %v", res, err)
	}
}

func TestARecordingThatHubSpotWouldRefuseIsLeftOut(t *testing.T) {
	t.Parallel()
	h := crmtest.NewHubSpot(t)
	r := record("inbound")
	r.Recording = "http://recordings.example.com/1.mp3"
	res, err := hubspot.New().Sync(t.Context(), h.Connection(), r, crm.Options{})
	if err != nil || !slices.Contains(res.Skipped, "no recording: HubSpot takes https links only") {
		t.Errorf("%+v, %v", res, err)
	}
}
