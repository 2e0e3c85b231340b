package audio

// muLaw decodes ITU-T G.711 µ-law, the codec of North American telephony: sign,
// three bits of exponent, four of mantissa, all inverted.
func muLaw(b []byte, out []float32) {
	for i, v := range b {
		v = ^v
		s := (int(v&0x0f)<<3+132)<<(v>>4&7) - 132
		if v&0x80 != 0 {
			s = -s
		}
		out[i] = float32(s) / (1 << 15)
	}
}

// aLaw decodes ITU-T G.711 A-law, the codec of the other networks: every second
// bit is inverted, and there is no zero.
func aLaw(b []byte, out []float32) {
	for i, v := range b {
		v ^= 0x55
		s := int(v&0x0f)<<4 + 8
		if e := v >> 4 & 7; e > 0 {
			s = (s + 0x100) << (e - 1)
		}
		if v&0x80 == 0 {
			s = -s
		}
		out[i] = float32(s) / (1 << 15)
	}
}
