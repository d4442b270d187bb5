package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"image"
	"image/color"
	"image/png"
	"math"

	chatkit "github.com/gochatkit/chatkit/core"
)

// picture paints a picture in three stages, as image models do.
func (d *demo) picture(ctx context.Context, t *chatkit.Turn) error {
	item := &chatkit.GeneratedImageItem{ItemMeta: t.NewItemMeta(chatkit.IDMessage)}
	if err := t.Emit(&chatkit.ThreadItemAddedEvent{Item: item}); err != nil {
		return err
	}
	for stage := 1; stage <= 3; stage++ {
		if err := sleep(ctx, 30*d.pause); err != nil {
			return err
		}
		url, err := paint(12 * stage * stage)
		if err != nil {
			return err
		}
		progress := float64(stage) / 3
		item.Image = &chatkit.GeneratedImage{ID: "picture", URL: url}
		err = t.Emit(&chatkit.ThreadItemUpdatedEvent{
			ItemID: item.ID, Update: &chatkit.GeneratedImageUpdated{Image: *item.Image, Progress: &progress},
		})
		if err != nil {
			return err
		}
	}
	if err := t.Emit(&chatkit.ThreadItemDoneEvent{Item: item}); err != nil {
		return err
	}
	return d.say(ctx, t, "A sunrise, painted by forty lines of Go.")
}

// paint draws hills before a rising sun, so many blocks wide, as a data: URL.
func paint(blocks int) (string, error) {
	const width, height = 324, 216
	img := image.NewPaletted(image.Rect(0, 0, width, height), nil)
	for i := range 64 { // the sky, from dusk to gold
		f := float64(i) / 63
		img.Palette = append(img.Palette, color.RGBA{uint8(60 + 190*f), uint8(70 + 110*f), uint8(130 - 30*f), 255})
	}
	img.Palette = append(img.Palette, color.RGBA{255, 236, 190, 255}, color.RGBA{58, 82, 88, 255}, color.RGBA{31, 55, 60, 255})
	size := float64(width) / float64(blocks)
	for y := range height {
		for x := range width {
			bx, by := math.Floor(float64(x)/size)*size, math.Floor(float64(y)/size)*size
			index := uint8(min(63, 63*by/150))
			if math.Hypot(bx-215, by-120) < 34 {
				index = 64
			}
			if by > 150+18*math.Sin(bx/46) {
				index = 65
			}
			if by > 176+16*math.Sin(bx/70+2) {
				index = 66
			}
			img.SetColorIndex(x, y, index)
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return "", err
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()), nil
}
