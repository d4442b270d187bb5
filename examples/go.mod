module github.com/gochatkit/chatkit/examples

go 1.25.0

require (
	github.com/gin-gonic/gin v1.12.0
	github.com/gochatkit/chatkit/adapters/gin v0.1.0
	github.com/gochatkit/chatkit/adapters/nethttp v0.1.0
	github.com/gochatkit/chatkit/bridges/openai v0.1.0
	github.com/gochatkit/chatkit/core v0.1.0
	github.com/gochatkit/chatkit/stores/sqlite v0.1.0
	github.com/gofiber/fiber/v2 v2.52.15
	github.com/gofiber/fiber/v3 v3.1.0
	github.com/labstack/echo/v4 v4.16.0
	github.com/labstack/echo/v5 v5.3.1
	github.com/openai/openai-go/v3 v3.74.0
)

require (
	github.com/andybalholm/brotli v1.2.0 // indirect
	github.com/gofiber/schema v1.7.0 // indirect
	github.com/gofiber/utils/v2 v2.0.2 // indirect
	github.com/klauspost/compress v1.18.4 // indirect
	github.com/labstack/gommon v0.5.0 // indirect
	github.com/mattn/go-colorable v0.1.15 // indirect
	github.com/mattn/go-runewidth v0.0.16 // indirect
	github.com/philhofer/fwd v1.2.0 // indirect
	github.com/rivo/uniseg v0.2.0 // indirect
	github.com/tinylib/msgp v1.6.3 // indirect
	github.com/valyala/bytebufferpool v1.0.0 // indirect
	github.com/valyala/fasthttp v1.69.0 // indirect
	github.com/valyala/fasttemplate v1.2.2 // indirect
	golang.org/x/time v0.15.0 // indirect
)

require (
	github.com/bytedance/gopkg v0.1.3 // indirect
	github.com/bytedance/sonic v1.15.0 // indirect
	github.com/bytedance/sonic/loader v0.5.0 // indirect
	github.com/cloudwego/base64x v0.1.6 // indirect
	github.com/coder/websocket v1.8.15 // indirect
	github.com/dustin/go-humanize v1.0.1 // indirect
	github.com/gabriel-vasile/mimetype v1.4.12 // indirect
	github.com/gin-contrib/sse v1.1.0 // indirect
	github.com/go-playground/locales v0.14.1 // indirect
	github.com/go-playground/universal-translator v0.18.1 // indirect
	github.com/go-playground/validator/v10 v10.30.1 // indirect
	github.com/goccy/go-json v0.10.5 // indirect
	github.com/goccy/go-yaml v1.19.2 // indirect
	github.com/gochatkit/chatkit/adapters/echo v0.1.0
	github.com/gochatkit/chatkit/adapters/echov5 v0.1.0
	github.com/gochatkit/chatkit/adapters/fasthttp v0.1.0 // indirect
	github.com/gochatkit/chatkit/adapters/fiber v0.1.0
	github.com/gochatkit/chatkit/adapters/fiberv3 v0.1.0
	github.com/google/uuid v1.6.0 // indirect
	github.com/json-iterator/go v1.1.12 // indirect
	github.com/klauspost/cpuid/v2 v2.3.0 // indirect
	github.com/leodido/go-urn v1.4.0 // indirect
	github.com/mattn/go-isatty v0.0.24 // indirect
	github.com/modern-go/concurrent v0.0.0-20180306012644-bacd9c7ef1dd // indirect
	github.com/modern-go/reflect2 v1.0.2 // indirect
	github.com/ncruces/go-strftime v1.0.0 // indirect
	github.com/pelletier/go-toml/v2 v2.2.4 // indirect
	github.com/quic-go/qpack v0.6.0 // indirect
	github.com/quic-go/quic-go v0.59.0 // indirect
	github.com/remyoudompheng/bigfft v0.0.0-20230129092748-24d4a6f8daec // indirect
	github.com/tidwall/gjson v1.19.0 // indirect
	github.com/tidwall/match v1.1.1 // indirect
	github.com/tidwall/pretty v1.2.1 // indirect
	github.com/tidwall/sjson v1.2.5 // indirect
	github.com/twitchyliquid64/golang-asm v0.15.1 // indirect
	github.com/ugorji/go/codec v1.3.1 // indirect
	go.mongodb.org/mongo-driver/v2 v2.5.0 // indirect
	golang.org/x/arch v0.22.0 // indirect
	golang.org/x/crypto v0.55.0 // indirect
	golang.org/x/net v0.58.0 // indirect
	golang.org/x/sys v0.47.0 // indirect
	golang.org/x/text v0.41.0 // indirect
	google.golang.org/protobuf v1.36.10 // indirect
	modernc.org/libc v1.75.7 // indirect
	modernc.org/mathutil v1.7.1 // indirect
	modernc.org/memory v1.12.1 // indirect
	modernc.org/sqlite v1.59.0
)

replace (
	github.com/gochatkit/chatkit/adapters/gin => ../adapters/gin
	github.com/gochatkit/chatkit/adapters/nethttp => ../adapters/nethttp
	github.com/gochatkit/chatkit/bridges/openai => ../bridges/openai
	github.com/gochatkit/chatkit/core => ../core
	github.com/gochatkit/chatkit/stores/sqlite => ../stores/sqlite
)

replace github.com/gochatkit/chatkit/adapters/echo => ../adapters/echo

replace github.com/gochatkit/chatkit/adapters/echov5 => ../adapters/echov5

replace github.com/gochatkit/chatkit/adapters/fasthttp => ../adapters/fasthttp

replace github.com/gochatkit/chatkit/adapters/fiber => ../adapters/fiber

replace github.com/gochatkit/chatkit/adapters/fiberv3 => ../adapters/fiberv3
