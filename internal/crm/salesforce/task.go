package salesforce

import (
	"maps"
	"regexp"
	"strings"
	"time"

	"github.com/ringsidehq/ringside"
	"github.com/ringsidehq/ringside/internal/crm"
)

const taskPath = "/sobjects/Task"

// The fields of a Task that synced fields go to, and what Salesforce takes in
// one.
const (
	durationField    = "CallDurationInSeconds"
	dispositionField = "CallDisposition"
	descriptionField = "Description"

	maxShort = 255
	maxLong  = 32_000
)

var usual = map[string]string{
	"duration":   durationField,
	"summary":    descriptionField,
	"outcome":    dispositionField,
	"next_steps": descriptionField,
	"sentiment":  descriptionField,
	"tags":       descriptionField,
	"score":      descriptionField,
	"recording":  descriptionField,
	"link":       descriptionField,
}

// own are the fields that every task is written with, or that would break it.
var own = []string{
	"Id", "Subject", "TaskSubtype", "Status", "Priority", "ActivityDate", "CallType", "CallObject", "WhoId", "WhatId", "OwnerId",
}

// fieldName is what a field of an organisation may be called: it stands in
// paths and in queries.
var fieldName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]{0,79}$`)

func check(o crm.Options) error {
	for field, property := range o.Mapping {
		if strings.EqualFold(property, durationField) && field != "duration" {
			return ringside.Invalidf("/crmFieldMapping/"+field, "%s takes nothing but the duration", durationField)
		}
	}
	return crm.CheckMapping(o.Mapping, fieldName.MatchString, own...)
}

var callTypes = map[ringside.Direction]string{
	ringside.Inbound:  "Inbound",
	ringside.Outbound: "Outbound",
	ringside.Web:      "Inbound",
}

// task is what is written about a call, but for its subtype.
func task(r crm.Record, o crm.Options) map[string]any {
	zone := o.Zone
	if zone == nil {
		zone = time.UTC
	}
	t := map[string]any{
		"Subject":      crm.Clip(r.Title(), maxShort),
		"Status":       "Completed",
		"Priority":     "Normal",
		"ActivityDate": r.StartedAt.In(zone).Format(time.DateOnly),
		"CallObject":   r.CallID.String(),
	}
	if typ := callTypes[r.Direction]; typ != "" {
		t["CallType"] = typ
	}
	for _, p := range r.Place(usual, o.Mapping) {
		switch p.Property {
		case durationField:
			t[p.Property] = r.Value("duration")
		case descriptionField:
			t[p.Property] = r.Prose(p.Fields, maxLong)
		case dispositionField:
			t[p.Property] = r.PropertyText(p, maxShort)
		default:
			// As text, whatever the field's type: a number in a text field is
			// refused, a numeric text in a number field is not.
			t[p.Property] = r.PropertyText(p, maxLong)
		}
	}
	return t
}

// withSubtype makes a task a call, which can only be said when it is made.
func withSubtype(t map[string]any) map[string]any {
	t = maps.Clone(t)
	t["TaskSubtype"] = "Call"
	return t
}

// person is a contact to be made. A last name is all that Salesforce wants.
func person(r crm.Record, p crm.Phone) map[string]any {
	first, last := r.Names(p)
	c := map[string]any{"LastName": crm.Clip(last, 80), "Phone": p.Pretty()}
	if first != "" {
		c["FirstName"] = crm.Clip(first, 40)
	}
	return c
}
