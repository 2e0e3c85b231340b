package mp3

// Where the bands that share a scale factor begin, in lines, by the frame's
// rate: MPEG 1 at 44.1, 48 and 32 kHz, MPEG 2 at half of those, 2.5 at a
// quarter.
var longEdges = [9][23]int{
	{0, 4, 8, 12, 16, 20, 24, 30, 36, 44, 52, 62, 74, 90, 110, 134, 162, 196, 238, 288, 342, 418, 576},
	{0, 4, 8, 12, 16, 20, 24, 30, 36, 42, 50, 60, 72, 88, 106, 128, 156, 190, 230, 276, 330, 384, 576},
	{0, 4, 8, 12, 16, 20, 24, 30, 36, 44, 54, 66, 82, 102, 126, 156, 194, 240, 296, 364, 448, 550, 576},
	{0, 6, 12, 18, 24, 30, 36, 44, 54, 66, 80, 96, 116, 140, 168, 200, 238, 284, 336, 396, 464, 522, 576},
	{0, 6, 12, 18, 24, 30, 36, 44, 54, 66, 80, 96, 114, 136, 162, 194, 232, 278, 332, 394, 464, 540, 576},
	{0, 6, 12, 18, 24, 30, 36, 44, 54, 66, 80, 96, 116, 140, 168, 200, 238, 284, 336, 396, 464, 522, 576},
	{0, 6, 12, 18, 24, 30, 36, 44, 54, 66, 80, 96, 116, 140, 168, 200, 238, 284, 336, 396, 464, 522, 576},
	{0, 6, 12, 18, 24, 30, 36, 44, 54, 66, 80, 96, 116, 140, 168, 200, 238, 284, 336, 396, 464, 522, 576},
	{0, 12, 24, 36, 48, 60, 72, 88, 108, 132, 160, 192, 232, 280, 336, 400, 476, 566, 568, 570, 572, 574, 576},
}

// shortEdges are those of each of the three windows of a short block.
var shortEdges = [9][14]int{
	{0, 4, 8, 12, 16, 22, 30, 40, 52, 66, 84, 106, 136, 192},
	{0, 4, 8, 12, 16, 22, 28, 38, 50, 64, 80, 100, 126, 192},
	{0, 4, 8, 12, 16, 22, 30, 42, 58, 78, 104, 138, 180, 192},
	{0, 4, 8, 12, 18, 24, 32, 42, 56, 74, 100, 132, 174, 192},
	{0, 4, 8, 12, 18, 26, 36, 48, 62, 80, 104, 136, 180, 192},
	{0, 4, 8, 12, 18, 26, 36, 48, 62, 80, 104, 134, 174, 192},
	{0, 4, 8, 12, 18, 26, 36, 48, 62, 80, 104, 134, 174, 192},
	{0, 4, 8, 12, 18, 26, 36, 48, 62, 80, 104, 134, 174, 192},
	{0, 8, 16, 24, 36, 52, 72, 96, 124, 160, 162, 164, 166, 192},
}

// band is a run of lines with one scale factor, in the order in which they
// stand in the stream.
type band struct {
	start, width int
	window       int // of a short block: 0, 1, 2
	short        bool
}

// layouts are the bands of every kind of granule at one rate.
type layouts struct {
	long, short, mixed []band
}

// newLayouts works out the bands for a rate. Of a mixed block the two lowest
// subbands are long: 36 lines, eight bands of MPEG 1, six of the others. At
// 8 kHz those six reach to line 72.
func newLayouts(h *header) *layouts {
	l := &layouts{}
	edges := longEdges[h.rateIndex()]
	for i := range 22 {
		l.long = append(l.long, band{start: edges[i], width: edges[i+1] - edges[i]})
	}
	l.short = shortBands(h.rateIndex(), 0)
	long := 6
	if h.version == mpeg1 {
		long = 8
	}
	l.mixed = append(append(l.mixed, l.long[:long]...), shortBands(h.rateIndex(), 3)...)
	return l
}

func shortBands(rate, from int) (bands []band) {
	edges := shortEdges[rate]
	for i := from; i < 13; i++ {
		width := edges[i+1] - edges[i]
		for w := range 3 {
			bands = append(bands, band{start: 3*edges[i] + w*width, width: width, window: w, short: true})
		}
	}
	return bands
}

func (l *layouts) of(g *granule) []band {
	switch {
	case !g.short():
		return l.long
	case g.mixed:
		return l.mixed
	}
	return l.short
}
