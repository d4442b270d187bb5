package pitfalls

import (
	"context"

	"github.com/gin-gonic/gin"

	ginchatkit "github.com/gochatkit/chatkit/adapters/gin"
	chatkit "github.com/gochatkit/chatkit/core"
)

type userKey struct{}

func mountWithGinsContext(r *gin.Engine, srv *chatkit.Server) {
	ginchatkit.Mount(r, "/chatkit", srv, ginchatkit.WithContext(func(c *gin.Context) context.Context {
		return c // wrong: gin gives it to somebody else when this request is over
	}))
}

func mountWithValues(r *gin.Engine, srv *chatkit.Server) {
	ginchatkit.Mount(r, "/chatkit", srv, ginchatkit.WithContext(func(c *gin.Context) context.Context {
		return context.WithValue(c.Request.Context(), userKey{}, c.GetString("user"))
	}))
}

// userOfGin is what belongs to mountWithGinsContext.
func userOfGin(ctx context.Context) string {
	user, _ := ctx.Value("user").(string)
	return user
}

// userOf is what belongs to mountWithValues.
func userOf(ctx context.Context) string {
	user, _ := ctx.Value(userKey{}).(string)
	return user
}
