package fasthttpchatkit

import (
	"context"

	"github.com/valyala/fasthttp"
)

// Values returns a context with ctx's cancellation and values, and after them a copy of the user values of
// f, which on fiber are the locals. Unlike f it stays valid after the handler has returned.
func Values(ctx context.Context, f *fasthttp.RequestCtx) context.Context {
	var values map[any]any
	f.VisitUserValuesAll(func(key, value any) {
		if values == nil {
			values = make(map[any]any)
		}
		values[key] = value
	})
	if values == nil {
		return ctx
	}
	return &valuesContext{ctx, values}
}

type valuesContext struct {
	context.Context
	values map[any]any
}

func (c *valuesContext) Value(key any) any {
	if v := c.Context.Value(key); v != nil {
		return v
	}
	return c.values[key]
}
