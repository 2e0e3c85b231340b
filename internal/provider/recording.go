package provider

import "net/http"

// RecordingAPI is how a vendor hands out the recordings whose Via is a path of
// its API. The zero one hands out none.
type RecordingAPI struct {
	Base string // https://api.vapi.ai; a Via's path stands below it

	// Authorize puts a source's API key into the headers of a request to Base. A
	// redirect to another host is followed without it.
	Authorize func(h http.Header, key string)

	// AgentChannel is the agent's channel, from 0, in the vendor's recordings of two.
	// Nil means that the vendor does not say.
	AgentChannel *int
}

// Bearer authorizes as most vendors want it.
func Bearer(h http.Header, key string) { h.Set("Authorization", "Bearer "+key) }
