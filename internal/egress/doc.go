// Package egress is the way out: the HTTP client, and the dialler for mail, for
// every address that somebody can set. Whoever may save a URL may make the
// server send a request, from inside the network that it stands in; this
// package decides where to.
//
// An address is looked at twice. [Gate.CheckURL] refuses, while it is saved,
// what can be told from the text alone, so that the mistake is seen where it
// is made. The dialler then looks at the address that a name resolved to, the
// moment before it connects: a name that points inside, or that changes what
// it points to between two look-ups, gains nothing.
//
//   - Private, loopback, link-local, shared, multicast and reserved addresses
//     are refused, and so are IPv6 forms that hold one (mapped, NAT64, 6to4,
//     Teredo), unless they are in a range that the operator has allowed.
//   - Metadata services of clouds are refused even then.
//   - Requests go by https. http goes to allowed ranges only: there TLS is
//     often not to be had, and the network is the operator's own.
//   - Ports are 80, 443 and those from 1024 on, but for the ones of protocols
//     that could mistake a request for something of theirs.
//   - A redirect is followed to the same host only, and only where a client
//     is made to follow any: a secret that goes with a request reaches nobody
//     but the host that it was saved for.
//   - The answer is bounded in time and size, after decompression. Only a
//     request that asks for another protocol gets a connection in its place.
//   - Mail servers are dialled by the same rules ([Gate.DialMail]): on the
//     ports of mail, and without encryption in allowed ranges only.
//   - No proxy from the environment, no cookies.
package egress
