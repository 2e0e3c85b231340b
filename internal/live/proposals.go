package live

import (
	"cmp"
	"slices"

	"github.com/ringsidehq/ringside"
)

// further puts two lists of a call's proposals together, newest first: of each
// proposal what is further on. It changes neither.
func further(have, more []*ringside.Proposal) []*ringside.Proposal {
	if len(more) == 0 {
		return have
	}
	out := slices.Clone(have)
	for _, p := range more {
		i := slices.IndexFunc(out, func(o *ringside.Proposal) bool { return o.ID == p.ID })
		switch {
		case i < 0:
			out = append(out, p)
		case progress(p) > progress(out[i]):
			out[i] = p
		}
	}
	slices.SortFunc(out, func(a, b *ringside.Proposal) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), cmp.Compare(b.ID, a.ID))
	})
	return out
}

// settledShown is how many decided proposals a call is shown with: each goes to
// everybody with everything that changes.
const settledShown = 4

// visible are the proposals that a call is shown with: the open ones, and the
// newest of the others.
func visible(all []*ringside.Proposal) []*ringside.Proposal {
	out, settled := []*ringside.Proposal{}, 0
	for _, p := range all {
		if progress(p) == 2 {
			settled++
		}
		if progress(p) < 2 || settled <= settledShown {
			out = append(out, p)
		}
	}
	return out
}

// progress is how far a proposal is.
func progress(p *ringside.Proposal) int {
	switch {
	case p.Status != ringside.ProposalOpen:
		return 2
	case p.OrderedAt != nil:
		return 1
	}
	return 0
}
