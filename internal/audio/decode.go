package audio

import (
	"context"
	"errors"
	"fmt"
	"io"
)

// Decode reads a recording from its start to its end and gives take its sound
// block by block: samples with the channels interleaved, ±1 at full scale, good
// until take returns. An error of take's ends it and is given back as it is; the
// others are those of Analyse.
func Decode(ctx context.Context, r io.Reader, take func(f Format, block []float32) error) error {
	src, f, err := open(r)
	if err != nil {
		return err
	}
	return pour(ctx, src, f, func(block []float32) error { return take(f, block) })
}

// pour gives take all of a source's sound, up to the longest that is taken.
func pour(ctx context.Context, src source, f Format, take func(block []float32) error) error {
	left := mostOf(f) * int64(f.Channels)
	for {
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("read a recording: %w", err)
		}
		block, err := src.next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if left -= int64(len(block)); left < 0 {
			return tooLong()
		}
		if err := take(block); err != nil {
			return err
		}
	}
}
