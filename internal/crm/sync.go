package crm

import (
	"context"
	"errors"
	"strings"

	"github.com/ringsidehq/ringside"
)

// Steps are what an adapter asks of a CRM that keeps contacts and calls. Sync
// puts them in order, so that every such CRM is written to in the same way.
// Every error is an *Error.
type Steps struct {
	CRM string // the name that errors bear
	// FindCall looks for what an earlier sync made; an empty id is none.
	FindCall func(context.Context) (id string, err error)
	// UpdateCall brings that up to date. It is there false when it has been
	// deleted in the CRM.
	UpdateCall func(ctx context.Context, id string) (url string, there bool, err error)
	// FindContacts gives who may have a number. It is whole false when there
	// are more than it gives.
	FindContacts func(context.Context, Phone) (found []Contact, whole bool, err error)
	// CreateContact makes one with a number.
	CreateContact func(context.Context, Phone) (id string, err error)
	// CreateCall writes the call, for a contact or for nobody.
	CreateCall func(ctx context.Context, contact string) (id, url string, err error)
}

// Sync writes a record: over what an earlier sync made if there is such a
// thing, else anew, for the contact who has the customer's number.
func (s Steps) Sync(ctx context.Context, r Record, o Options) (Result, error) {
	res := Result{ContactID: o.KnownContact}
	id := o.Known
	if id == "" && !o.First {
		var err error
		if id, err = s.FindCall(ctx); err != nil {
			return res, err
		}
	}
	if id != "" {
		return s.update(ctx, id, res)
	}
	if res.ContactID == "" {
		if err := s.contact(ctx, r, o, &res); err != nil {
			return res, err
		}
	}
	var err error
	res.ID, res.URL, err = s.CreateCall(ctx, res.ContactID)
	return res, s.named(res.ID, err)
}

// named is the error of a CRM that says yes and not to what.
func (s Steps) named(id string, err error) error {
	if err == nil && id == "" {
		return &Error{Kind: ringside.Unavailable, CRM: s.CRM, Message: "did not say what it made", RetryAfter: afterSilence}
	}
	return err
}

func (s Steps) update(ctx context.Context, id string, res Result) (Result, error) {
	url, there, err := s.UpdateCall(ctx, id)
	if err != nil {
		return res, err
	}
	if !there { // somebody wanted it gone
		res.Skipped = append(res.Skipped, "the call was deleted in the CRM and is not made again")
		return res, nil
	}
	res.ID, res.URL, res.Updated = id, url, true
	return res, nil
}

// contact finds whose number it is, or makes that contact if asked. That there
// is none, or that the CRM refuses to make one, does not keep the call out.
func (s Steps) contact(ctx context.Context, r Record, o Options, res *Result) error {
	phone, ok := r.Phone()
	if !ok {
		res.Skipped = append(res.Skipped, "no contact: the call has no number of the customer's")
		return nil
	}
	found, whole, err := s.FindContacts(ctx, phone)
	if err != nil {
		return err
	}
	id, several := phone.Pick(found)
	switch {
	case several || !whole:
		res.Skipped = append(res.Skipped, "no contact: several have the number")
		return nil
	case id != "":
		res.ContactID = id
		return nil
	case !o.CreateContact:
		res.Skipped = append(res.Skipped, "no contact has the number")
		return nil
	}
	id, err = s.CreateContact(ctx, phone)
	if e, ok := errors.AsType[*Error](err); ok && (e.Kind == ringside.Invalid || e.Kind == ringside.Forbidden) {
		res.Skipped = append(res.Skipped, "no contact was made: "+e.Error())
		return nil
	}
	if err = s.named(id, err); err != nil {
		return err
	}
	res.ContactID, res.ContactCreated = id, true
	return nil
}

// Names are the customer's first and last name. A CRM wants at least one, so
// for somebody without a name it is the number.
func (r Record) Names(p Phone) (first, last string) {
	if r.Customer.Name == "" {
		return "", p.Pretty()
	}
	at := strings.LastIndex(r.Customer.Name, " ")
	return r.Customer.Name[:max(at, 0)], r.Customer.Name[at+1:]
}

// Refused is the *Error for options that CheckMapping or a template's reading
// refuses.
func Refused(crm string, err error) *Error {
	e := &Error{Kind: ringside.Invalid, CRM: crm, Message: err.Error()}
	if re, ok := errors.AsType[*ringside.Error](err); ok {
		e.Message, e.Field = re.Message, re.Field
	}
	return e
}
