// Package flat decodes the flat call body of the observability API: one call
// in one object, sent by the user's own program. Fields that it does not know
// are kept as metadata, so that a vendor's body can be sent without stripping.
package flat
