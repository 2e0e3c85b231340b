package mp3

// granuleSize is how many samples, and lines of spectrum, a granule has.
const granuleSize = 576

// The kinds of block: how a granule's lines are cut in time.
const (
	blockLong = iota
	blockStart
	blockShort
	blockStop
)

// granule is what the side information says of one channel of one granule.
type granule struct {
	size        int // of scale factors and spectrum, in bits
	pairs       int // of lines in the part with big values
	gain        int
	compress    int
	block       int
	mixed       bool // the two lowest subbands are long in a short block
	tables      [3]int
	bounds      [2]int // lines at which the second and third table begin
	shortGain   [3]int
	preEmphasis bool
	coarse      bool // scale factors count double
	quadB       bool // the second table of quads
}

// sideInfo is what stands between a frame's header and its data.
type sideInfo struct {
	back     int        // bytes before the frame at which its data begin
	share    [2][4]bool // bands whose scale factors the second granule takes from the first
	granules [2][2]granule
}

// parse reads the side information of a frame.
func (s *sideInfo) parse(h *header, b *bitstream) {
	if h.version == mpeg1 {
		s.back = b.read(9)
		b.pos += 7 - 2*h.channels // private
		for ch := range h.channels {
			for i := range s.share[ch] {
				s.share[ch][i] = b.flag()
			}
		}
	} else {
		s.back = b.read(8)
		b.pos += h.channels
		s.share = [2][4]bool{}
	}
	for gr := range h.granules() {
		for ch := range h.channels {
			s.granules[gr][ch].parse(h, b)
		}
	}
}

func (g *granule) parse(h *header, b *bitstream) {
	*g = granule{size: b.read(12), pairs: b.read(9), gain: b.read(8)}
	if h.version == mpeg1 {
		g.compress = b.read(4)
	} else {
		g.compress = b.read(9)
	}
	if b.flag() {
		g.block = b.read(2)
		g.mixed = b.flag()
		g.tables[0], g.tables[1] = b.read(5), b.read(5)
		for i := range g.shortGain {
			g.shortGain[i] = b.read(3)
		}
		g.bounds = [2]int{windowedBound(h, g), granuleSize}
	} else {
		for i := range g.tables {
			g.tables[i] = b.read(5)
		}
		first := b.read(4) + 1
		second := first + b.read(3) + 1
		edges := &longEdges[h.rateIndex()]
		g.bounds = [2]int{edges[min(first, 22)], edges[min(second, 22)]}
	}
	if h.version == mpeg1 {
		g.preEmphasis = b.flag()
	} else {
		g.preEmphasis = g.compress >= 500
	}
	g.coarse, g.quadB = b.flag(), b.flag()
	g.pairs = min(g.pairs, granuleSize/2)
}

// windowedBound is where the second table begins in a block that is not plain:
// after three short bands, or eight long ones.
func windowedBound(h *header, g *granule) int {
	if g.block == blockShort {
		return 3 * shortEdges[h.rateIndex()][3]
	}
	return longEdges[h.rateIndex()][8]
}

// short tells whether three short windows take the place of a long one.
func (g *granule) short() bool { return g.block == blockShort }
