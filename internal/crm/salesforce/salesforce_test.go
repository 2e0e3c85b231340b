package salesforce_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
	"github.com/ringsidehq/ringside/internal/crm/crmtest"
	"github.com/ringsidehq/ringside/internal/crm/salesforce"
	"github.com/ringsidehq/ringside/internal/golden"
)

func TestConformance(t *testing.T) {
	t.Parallel()
	crmtest.Run(t, crmtest.Suite{
		New:    salesforce.New,
		Vendor: func(t testing.TB) crmtest.Vendor { return crmtest.NewSalesforce(t) },
	})
}

// record is a record of one of the suite's calls, with all fields.
func record(name string) crm.Record {
	return crm.NewRecord(crmtest.Calls()[name], ringside.CRMFieldNames, "https://ringside.example.com/calls/1")
}

// failed syncs and gives the error.
func failed(t *testing.T, s *crmtest.Salesforce, o crm.Options) *crm.Error {
	t.Helper()
	_, err := salesforce.New().Sync(t.Context(), s.Connection(), record("inbound"), o)
	e, ok := errors.AsType[*crm.Error](err)
	if !ok {
		t.Fatalf("error %v", err)
	}
	return e
}

func TestATokenIsFetchedOnceAndAgainWhenItHasEnded(t *testing.T) {
	t.Parallel()
	s, a := crmtest.NewSalesforce(t), salesforce.New()
	once := func() {
		t.Helper()
		if _, err := a.Sync(t.Context(), s.Connection(), record("inbound"), crm.Options{}); err != nil {
			t.Fatal(err)
		}
	}
	once()
	once()
	if n := s.Tokens(); n != 1 {
		t.Errorf("%d tokens for two syncs", n)
	}
	s.Expire()
	once()
	if n := s.Tokens(); n != 2 {
		t.Errorf("%d tokens after one has ended", n)
	}
	// Of another connection nothing is known.
	other := s.Connection()
	other.ClientSecret = "another"
	if _, err := a.Sync(t.Context(), other, record("inbound"), crm.Options{}); err == nil {
		t.Error("a wrong secret is let in by another's token")
	}
	if words, err := a.Test(t.Context(), s.Connection()); err != nil || s.Tokens() != 3 || !strings.Contains(words, s.Instance()) {
		t.Errorf("a test says %q, %v after %d tokens", words, err, s.Tokens())
	}
}

func TestAClientThatIsNotKnownAnyMoreIsUnauthorized(t *testing.T) {
	t.Parallel()
	s := crmtest.NewSalesforce(t)
	s.Rotate()
	e := failed(t, s, crm.Options{})
	if e.Kind != ringside.Unauthorized || !e.Final() || e.Code != "invalid_client" || strings.Contains(e.Error(), s.Connection().ClientSecret) {
		t.Errorf("%+v", e)
	}
}

func TestManySyncsAtATimeAreEachWrittenOnce(t *testing.T) {
	t.Parallel()
	s, a := crmtest.NewSalesforce(t), salesforce.New()
	var all sync.WaitGroup
	for i := range 8 {
		r := record("web")
		r.CallID = ringside.NewCallID("ws_test", "vapi", strconv.Itoa(i))
		all.Go(func() {
			if _, err := a.Sync(t.Context(), s.Connection(), r, crm.Options{}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if n := len(s.Logged()); n != 8 {
		t.Errorf("%d tasks", n)
	}
}

func TestAnExternalIDKeepsACallUnique(t *testing.T) {
	t.Parallel()
	s, a := crmtest.NewSalesforce(t), salesforce.New()
	s.AddExternalID("Ringside_Call__c")
	o := crm.Options{Mapping: map[string]string{"call_id": "Ringside_Call__c"}}
	p, err := a.Preview(record("inbound"), o)
	if err != nil {
		t.Fatal(err)
	}
	first, err := a.Sync(t.Context(), s.Connection(), record("inbound"), o)
	if err != nil {
		t.Fatal(err)
	}
	sent := s.Requests()
	if last := sent[len(sent)-1]; last.Method != p.Method || last.Path != p.Path || !strings.Contains(p.Path, "/Task/Ringside_Call__c/call_") {
		t.Errorf("preview %s %s; sent %s %s", p.Method, p.Path, last.Method, last.Path)
	}
	again, err := a.Sync(t.Context(), s.Connection(), record("inbound"), o)
	if looked := s.Requests()[len(sent)]; !strings.Contains(looked.Path, "WHERE+Ringside_Call__c+") {
		t.Errorf("looked for by %s", looked.Path)
	}
	if err != nil || again.ID != first.ID || !again.Updated || len(s.Logged()) != 1 {
		t.Errorf("%+v, then %+v, %v", first, again, err)
	}
}

func TestFieldsGoToTheFieldsOfTheMapping(t *testing.T) {
	t.Parallel()
	s := crmtest.NewSalesforce(t)
	o := crm.Options{
		Zone:    time.FixedZone("Tokyo", 9*3600), // where the call was on the day after
		Mapping: map[string]string{"sentiment": "Tone__c", "next_steps": "Notes__c", "tags": "Notes__c", "outcome": "Description"},
	}
	if _, err := salesforce.New().Sync(t.Context(), s.Connection(), record("inbound"), o); err != nil {
		t.Fatal(err)
	}
	golden.JSON(t, "mapped", s.Logged()[0].Text)
}

func TestAnUnknownFieldIsToldInSalesforcesWords(t *testing.T) {
	t.Parallel()
	e := failed(t, crmtest.NewSalesforce(t), crm.Options{Mapping: map[string]string{"score": "Score__c"}})
	if e.Kind != ringside.Invalid || e.Code != "INVALID_FIELD" || e.Message != "No such column 'Score__c' on sobject of type Task" {
		t.Errorf("%+v", e)
	}
}

func TestAMappingThatCannotBeIsRefused(t *testing.T) {
	t.Parallel()
	for field, property := range map[string]string{
		"summary": "Subject", "tags": "CallDurationInSeconds", "score": "whoid", "link": "a b", "mood": "Mood__c",
		"call_id": "CallObject != '' OR Id", "outcome": "../Contact",
	} {
		o := crm.Options{Mapping: map[string]string{field: property}}
		_, err := salesforce.New().Preview(record("inbound"), o)
		if e, ok := errors.AsType[*ringside.Error](err); !ok || !strings.HasPrefix(e.Field, "/crmFieldMapping") {
			t.Errorf("%s to %s: the preview says %v", field, property, err)
		}
		s := crmtest.NewSalesforce(t)
		if e := failed(t, s, o); e.Kind != ringside.Invalid || len(s.Requests()) > 0 {
			t.Errorf("%s to %s: %+v after %d requests", field, property, e, len(s.Requests()))
		}
	}
}

func TestAnOrganisationsOwnClosedStatusIsWritten(t *testing.T) {
	t.Parallel()
	s := crmtest.NewSalesforce(t)
	s.Rename("Offen", "Erledigt")
	if _, err := salesforce.New().Sync(t.Context(), s.Connection(), record("inbound"), crm.Options{}); err != nil {
		t.Fatal(err)
	}
	if got := s.Logged()[0].Text["Status"]; got != "Erledigt" {
		t.Errorf("status %q", got)
	}
}

func TestALockedRowIsTriedAgain(t *testing.T) {
	t.Parallel()
	s := crmtest.NewSalesforce(t)
	s.Lock(1)
	if e := failed(t, s, crm.Options{}); e.Final() || e.Status != 400 || e.Code != "UNABLE_TO_LOCK_ROW" {
		t.Errorf("%+v", e)
	}
}

func TestTheDaysLimitIsNotFinal(t *testing.T) {
	t.Parallel()
	s := crmtest.NewSalesforce(t)
	s.Spend(15_000)
	e := failed(t, s, crm.Options{})
	if e.Kind != ringside.RateLimited || e.Final() || e.RetryAfter != time.Hour || e.Message != "TotalRequests Limit exceeded." {
		t.Errorf("%+v", e)
	}
}

func TestALeadIsFoundTooUnlessItWasConverted(t *testing.T) {
	t.Parallel()
	s, a := crmtest.NewSalesforce(t), salesforce.New()
	s.AddLead("Old", "2025550143", true)
	lead := s.AddLead("Hale", "(202) 555-0143", false)
	res, err := a.Sync(t.Context(), s.Connection(), record("inbound"), crm.Options{})
	if err != nil || res.ContactID != lead || s.Logged()[0].Contact != lead {
		t.Errorf("%+v, %v", res, err)
	}
	// A contact with the same number makes it two.
	s.AddContact("Hale", "+1 202 555 0143")
	s.AddContact("Hale", "202 555 0143")
	r := record("inbound")
	r.CallID = ringside.NewCallID("ws_test", "vapi", "another")
	res, err = a.Sync(t.Context(), s.Connection(), r, crm.Options{CreateContact: true})
	if err != nil || res.ContactID != "" || !slices.Contains(res.Skipped, "no contact: several have the number") {
		t.Errorf("%+v, %v", res, err)
	}
}

func TestATaskThatWasDeletedIsNotMadeAgain(t *testing.T) {
	t.Parallel()
	s, a := crmtest.NewSalesforce(t), salesforce.New()
	first, err := a.Sync(t.Context(), s.Connection(), record("inbound"), crm.Options{})
	if err != nil || first.URL != s.Instance()+"/"+first.ID {
		t.Fatalf("%+v, %v", first, err)
	}
	s.Delete(first.ID)
	gone := func() {
		t.Helper()
		again, err := a.Sync(t.Context(), s.Connection(), record("inbound"), crm.Options{Known: first.ID})
		if err != nil || again.ID != "" || len(again.Skipped) == 0 || len(s.Logged()) > 0 {
			t.Errorf("%+v, %v", again, err)
		}
	}
	gone()
	s.Break(&crmtest.Fault{Status: 404, Body: `[{"errorCode":"ENTITY_IS_DELETED","message":"entity is deleted"}]`}) // while it is in the bin
	gone()
}

func TestAContactThatSalesforceRefusesDoesNotKeepTheCallOut(t *testing.T) {
	t.Parallel()
	s := crmtest.NewSalesforce(t)
	s.GuardContacts()
	res, err := salesforce.New().Sync(t.Context(), s.Connection(), record("inbound"), crm.Options{CreateContact: true})
	if err != nil || res.ID == "" || res.ContactID != "" || len(s.Logged()) != 1 {
		t.Fatalf("%+v, %v", res, err)
	}
	if want := "no contact was made: Salesforce: Use one of these records?"; !slices.Contains(res.Skipped, want) {
		t.Errorf("skipped %q, want %q", res.Skipped, want)
	}
}

func TestATokenIsNotUsedInTheClear(t *testing.T) {
	t.Parallel()
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the plain host was asked") }))
	defer plain.Close()
	login := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"access_token":"a-token","instance_url":%q}`, plain.URL)
	}))
	defer login.Close()
	c := crm.Connection{Client: login.Client(), BaseURL: login.URL, ClientID: "a", ClientSecret: "b"}
	_, err := salesforce.New().Test(t.Context(), c)
	if e, ok := errors.AsType[*crm.Error](err); !ok || e.Kind != ringside.Unavailable {
		t.Errorf("%v", err)
	}
}

func TestOnlyAMyDomainHostIsAsked(t *testing.T) {
	t.Parallel()
	c := crmtest.NewSalesforce(t).Connection()
	for _, base := range []string{"", "https://login.salesforce.com", "test.salesforce.com/", "https://", "::"} {
		c.BaseURL = base
		_, err := salesforce.New().Test(t.Context(), c)
		if e, ok := errors.AsType[*crm.Error](err); !ok || e.Kind != ringside.Invalid || !strings.Contains(e.Message, "My Domain") {
			t.Errorf("%q: %v", base, err)
		}
	}
}
