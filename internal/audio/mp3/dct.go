package mp3

import "math"

// dct18 is the type IV cosine transform of 18 values: y[n] is the sum of
// x[k]·cos(π(2n+1)(2k+1)/72). Since 2·cos(θ/2)·cos(θ(k+½)) is cos(θ(k+1)) +
// cos(θk), the type IV is the type III of x[k]+x[k-1] over 2·cos(θ/2). The type
// III of 18 values is one of the nine even ones, and a type IV of the nine odd
// ones, to which the same is done again.
type dct18 struct {
	third [9][5]float32 // even and odd columns of the type III of nine
	half  [18]float32
	odd   [9]float32
}

func newDCT18() (d dct18) {
	for n := range 18 {
		d.half[n] = float32(0.5 / math.Cos(math.Pi*float64(2*n+1)/72))
	}
	for n := range 9 {
		d.odd[n] = float32(0.5 / math.Cos(math.Pi*float64(2*n+1)/36))
	}
	for k := range 9 {
		for n := range 5 {
			d.third[k][n] = float32(math.Cos(math.Pi * float64(2*n+1) * float64(k) / 18))
		}
	}
	return d
}

func (d *dct18) transform(x, y *[18]float32) {
	var even, odd [9]float32
	even[0], odd[0] = x[0], x[1]+x[0]
	for j := 1; j < 9; j++ {
		even[j] = x[2*j] + x[2*j-1]
		odd[j] = x[2*j+1] + x[2*j] + x[2*j-1] + x[2*j-2]
	}
	d.nine(&even)
	d.nine(&odd)
	for n := range 9 {
		o := odd[n] * d.odd[n]
		y[n] = (even[n] + o) * d.half[n]
		y[17-n] = (even[n] - o) * d.half[17-n]
	}
}

// nine is the type III of nine values. Even columns are symmetric about the
// middle, odd ones antisymmetric.
func (d *dct18) nine(v *[9]float32) {
	in := *v
	for n := range 5 {
		even := in[0] + in[2]*d.third[2][n] + in[4]*d.third[4][n] + in[6]*d.third[6][n] + in[8]*d.third[8][n]
		odd := in[1]*d.third[1][n] + in[3]*d.third[3][n] + in[5]*d.third[5][n] + in[7]*d.third[7][n]
		v[n], v[8-n] = even+odd, even-odd
	}
}

// dct32 is the type II cosine transform of 32 values by halves: sums make the
// even outputs, scaled differences the odd ones, once neighbours are added.
type dct32 struct {
	scale [32]float32 // of each level one after the other: 16, 8, 4, 2, 1
}

func newDCT32() (d dct32) {
	at := 0
	for n := 32; n > 1; n /= 2 {
		for i := range n / 2 {
			d.scale[at] = float32(0.5 / math.Cos(math.Pi*float64(2*i+1)/float64(2*n)))
			at++
		}
	}
	return d
}

func (d *dct32) transform(x *[32]float32) {
	var t [32]float32
	a, b := x, &t
	scale := d.scale[:]
	for n := 32; n > 1; n /= 2 {
		h := n / 2
		for at := 0; at < 32; at += n {
			in, sum, diff := a[at:at+n], b[at:at+h], b[at+h:at+n]
			for i, c := range scale[:h] {
				l, r := in[i], in[n-1-i]
				sum[i], diff[i] = l+r, (l-r)*c
			}
		}
		scale = scale[h:]
		a, b = b, a
	}
	for n := 2; n < 32; n *= 2 {
		w := 2 * n
		for at := 0; at < 32; at += w {
			even, odd, out := a[at:at+n], a[at+n:at+w], b[at:at+w]
			for i := range n - 1 {
				out[2*i], out[2*i+1] = even[i], odd[i]+odd[i+1]
			}
			out[w-2], out[w-1] = even[n-1], odd[n-1]
		}
		a, b = b, a
	}
	*x = *a
}
