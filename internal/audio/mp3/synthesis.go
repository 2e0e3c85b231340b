package mp3

// synthesis joins 32 subbands into one signal: it keeps the last 16 transforms
// and adds them up under a window of 512.
type synthesis struct {
	past [16][64]float32
	at   int // the newest of past
}

// window is the synthesis window with what the two halves of each transform
// take from it side by side: for output j and age i, D[64i+j] and D[64i+32+j].
type window [16][32]float32

func newWindow() *window {
	w := &window{}
	for i := range 512 {
		d := windowHalf[min(i, 512-i)]
		if i > 256 && i%64 != 0 {
			d = -d
		}
		w[i/32][i%32] = float32(d) / 65536
	}
	return w
}

// slot makes 32 samples from one sample of each subband and writes every
// stride-th of out.
func (s *synthesis) slot(x *[32]float32, d *dct32, w *window, out []float32, stride int) {
	d.transform(x)
	s.at = (s.at + 15) & 15
	v := &s.past[s.at]
	for i := range 16 {
		v[i], v[48+i] = x[16+i], -x[i]
		v[32+i] = -x[16-i]
	}
	v[16] = 0
	for i := 17; i < 32; i++ {
		v[i] = -x[48-i]
	}

	var sum [32]float32
	for age := range 16 {
		past := &s.past[(s.at+age)&15]
		half := (*[32]float32)(past[age&1*32:])
		for j, c := range &w[age] {
			sum[j] += half[j] * c
		}
	}
	for j, y := range &sum {
		out[j*stride] = y
	}
}
