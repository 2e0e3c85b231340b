package store

import (
	"strconv"
	"strings"

	"github.com/ringsidehq/ringside"
)

// pageEnd is where a page of a list ended: the number that the list goes by,
// and the id there. The next page begins behind it, whether or not what stood
// there still does. The list of calls has a cursor of its own.
type pageEnd struct {
	at int64
	id string
}

// String is the cursor as it is given out.
func (e pageEnd) String() string { return strconv.FormatInt(e.at, 36) + "." + e.id }

func parsePageEnd(s string) (e pageEnd, err error) {
	at, id, found := strings.Cut(s, ".")
	e.id = id
	e.at, err = strconv.ParseInt(at, 36, 64)
	if err != nil || !found {
		return e, ringside.Invalidf("cursor", "is not one that this list gave; start again without it")
	}
	return e, nil
}
